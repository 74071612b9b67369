export { type Piece, pieceFor, pieces } from './pieces.ts';
