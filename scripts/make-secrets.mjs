// node scripts/make-secrets.mjs > .env
// Fresh secrets for docker-compose.yml, every one that it requires. Give the file to nobody and keep a copy of it: the
// databases keep the passwords of the day they were made.
import { generateKeyPairSync, randomBytes } from 'node:crypto';

/** `<key id>:<secret>`; to rotate, put a new one in front: docs/operations.md. */
const signingKey = () => `${randomBytes(4).toString('hex')}:${randomBytes(32).toString('base64url')}`;
const password = () => randomBytes(24).toString('hex');

/** A JWK set with one private ES256 key, as JSON; the first key signs. */
function jwtSigningKeys() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = {
    ...privateKey.export({ format: 'jwk' }),
    kid: randomBytes(4).toString('hex'),
    alg: 'ES256',
    use: 'sig',
  };
  return `'${JSON.stringify({ keys: [key] })}'`;
}

const secrets = {
  POSTGRES_PASSWORD: password(),
  ANALYTICS_DB_PASSWORD: password(),
  CATALOG_DB_PASSWORD: password(),
  PLAYLISTS_DB_PASSWORD: password(),
  RECOMMENDATIONS_DB_PASSWORD: password(),
  USERS_DB_PASSWORD: password(),
  REDIS_PASSWORD: password(),
  SESSIONS_PASSWORD: password(),
  MEILISEARCH_PASSWORD: password(),
  IDENTITY_KEYS_ANALYTICS: signingKey(),
  IDENTITY_KEYS_CATALOG: signingKey(),
  IDENTITY_KEYS_PLAYLISTS: signingKey(),
  IDENTITY_KEYS_RECOMMENDATIONS: signingKey(),
  IDENTITY_KEYS_SEARCH: signingKey(),
  IDENTITY_KEYS_STREAMING: signingKey(),
  IDENTITY_KEYS_USERS: signingKey(),
  SERVICE_KEYS_ANALYTICS: signingKey(),
  SERVICE_KEYS_CATALOG: signingKey(),
  SERVICE_KEYS_PLAYLISTS: signingKey(),
  SERVICE_KEYS_RECOMMENDATIONS: signingKey(),
  SERVICE_KEYS_USERS: signingKey(),
  CURSOR_KEYS: signingKey(),
  PLAYBACK_TOKEN_KEYS: signingKey(),
  URL_SIGNING_KEYS: signingKey(),
  ORIGIN_SECRET: randomBytes(32).toString('base64url'),
  JWT_SIGNING_KEYS: jwtSigningKeys(),
};
for (const [name, value] of Object.entries(secrets)) console.log(`${name}=${value}`);
