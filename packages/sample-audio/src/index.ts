export { manifest } from './manifest.ts';
export { type Piece, pieceFor, pieces } from './pieces.ts';
