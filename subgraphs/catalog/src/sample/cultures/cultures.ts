import { arabic, hindi, japanese, korean, mandarin } from './asia.ts';
import type { Culture } from './culture.ts';
import { english } from './english.ts';
import { greek, polish, swedish, turkish, ukrainian } from './northern-and-eastern-europe.ts';
import { french, german, italian, portuguese, spanish } from './western-europe.ts';

export const cultures: readonly Culture[] = [
  english,
  german,
  french,
  spanish,
  portuguese,
  italian,
  swedish,
  polish,
  ukrainian,
  greek,
  turkish,
  japanese,
  korean,
  mandarin,
  hindi,
  arabic,
];
