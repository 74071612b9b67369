-- Neighbours by cosine (Sarwar et al., 2001) of ln(1 + count). To the bit what src/models/item-knn.ts computes, but for the order in
-- which sums are made: hence FLOAT where it keeps 32 bits, and places by what is kept.
-- interactions(user, item, count) -> (item, other, similarity), the most similar first, of equals the smaller `other` first
WITH capped AS (
  SELECT user, item, log1p(CAST(count AS DOUBLE)) AS weight
  FROM (SELECT *, row_number() OVER (PARTITION BY user ORDER BY count DESC, item) AS place FROM interactions)
  WHERE place <= :max_items_per_user
),
norms AS (
  SELECT item, 1 / sqrt(sum(weight * weight)) AS scale FROM capped GROUP BY item
),
weighed AS (
  SELECT user, item, CAST(weight * scale AS FLOAT) AS of_user, CAST(weight AS FLOAT) AS of_item, scale
  FROM capped JOIN norms USING (item)
),
pairs AS (
  SELECT a.item, b.item AS other,
    CAST(sum(CAST(a.of_user AS DOUBLE) * CAST(b.of_item AS DOUBLE)) * min(b.scale) AS FLOAT) AS similarity
  FROM weighed a JOIN weighed b ON a.user = b.user AND a.item <> b.item
  GROUP BY a.item, b.item
)
SELECT item, other, similarity
FROM (SELECT *, row_number() OVER (PARTITION BY item ORDER BY similarity DESC, other) AS place FROM pairs)
WHERE place <= :neighbours
ORDER BY item, place
