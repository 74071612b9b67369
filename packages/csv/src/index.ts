export { type CsvRecord, type RecordFormat, readCsvRecords } from './records.ts';
export { type CsvRow, checkCsvHeader, readCsvRows } from './rows.ts';
export { UnusableSourceError } from './unusable-source-error.ts';
