export {
  badUserInput,
  type ErrorCode,
  errorCodes,
  forbidden,
  MedleyError,
  unauthenticated,
} from './error.ts';
export { type MaskedError, maskError } from './mask-error.ts';
