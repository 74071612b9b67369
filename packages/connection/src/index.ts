export { type Connection, type Slice, toConnection } from './connection.ts';
export { type CursorScope, type Cursors, createCursors } from './cursors.ts';
export {
  type ConnectionArguments,
  type CursorBinding,
  type Page,
  readCursor,
  readPageArguments,
} from './page-arguments.ts';
export {
  compareSortKeys,
  keysetSql,
  orderBySql,
  type SortColumn,
  type SortKey,
  type SortOrder,
  type SortValue,
} from './sort-key.ts';
