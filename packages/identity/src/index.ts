export type {
  Actor,
  ClaimName,
  Identity,
  IdentityClaims,
} from './claims.ts';
export { createIdentitySigner, type IdentitySigner, identityHeader, type SignedRequest } from './sign.ts';
export { createIdentityVerifier, IdentityError, type IdentityVerifier } from './verify.ts';
