export { parseSigningKeys, type SigningKey, type SigningKeys } from '@medley/signing-keys';
export { type AudioFormat, type AudioQuality, audioFormats, audioQualities } from './audio-formats.ts';
export { type AudioResource, audioPath, parseAudioPath } from './audio-path.ts';
export {
  type CoverSize,
  coverSizes,
  type ImageResource,
  imagePath,
  parseImagePath,
} from './image-path.ts';
export { createUrlSigner, type SignRequest, type UrlSigner } from './url-signer.ts';
export { createUrlVerifier, type UrlVerifier, type Verdict } from './url-verifier.ts';
