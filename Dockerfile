# syntax=docker/dockerfile:1
# One image for every process of Medley; docker-compose.yml says which one runs, by its command.
FROM node:20.19-bookworm-slim AS build
WORKDIR /medley
ENV TURBO_TELEMETRY_DISABLED=1 DO_NOT_TRACK=1
COPY . .
# The bundles expect the tree around them (schema/, prisma/, assets), so it is shipped whole, without what only builds.
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund \
  && npm run build \
  && npm prune --omit=dev --no-audit --no-fund \
  && rm -rf .turbo node_modules/.cache

FROM node:20.19-bookworm-slim
ENV NODE_ENV=production \
    APOLLO_TELEMETRY_DISABLED=true \
    NODE_OPTIONS="--enable-source-maps --max-semi-space-size=64" \
    HOST=0.0.0.0
WORKDIR /medley
COPY --from=build /medley /medley
# What a process may write; everything else belongs to root.
RUN mkdir /data && chown node:node /data
USER node
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --start-interval=1s CMD ["node", "deploy/healthcheck.mjs"]
CMD ["node", "-e", "console.error('Say which process to run, such as: node router/dist/main.js'); process.exit(64)"]
