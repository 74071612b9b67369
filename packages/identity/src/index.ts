export {
  type Actor,
  actorSchema,
  type ClaimName,
  type Identity,
  type IdentityClaims,
} from './claims.ts';
export { createIdentitySigner, type IdentitySigner, identityHeader, type SignedRequest } from './sign.ts';
export { createIdentityVerifier, IdentityError, type IdentityVerifier } from './verify.ts';
