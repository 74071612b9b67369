import type { Score } from './score.ts';

export interface Section {
  readonly kind: 'intro' | 'verse' | 'chorus' | 'break' | 'outro';
  /** 0..1: how much is going on. */
  readonly energy: number;
  readonly keys: boolean;
  readonly bass: boolean;
  readonly drums: boolean;
  readonly lead: boolean;
}

const sections: Readonly<Record<Section['kind'], Section>> = {
  intro: { kind: 'intro', energy: 0.35, keys: true, bass: false, drums: false, lead: false },
  verse: { kind: 'verse', energy: 0.65, keys: true, bass: true, drums: true, lead: true },
  chorus: { kind: 'chorus', energy: 1, keys: true, bass: true, drums: true, lead: true },
  break: { kind: 'break', energy: 0.45, keys: true, bass: true, drums: false, lead: false },
  outro: { kind: 'outro', energy: 0.3, keys: true, bass: true, drums: false, lead: false },
};

/** Intro of two bars (something must be heard at once), then verse and chorus by eights, a break, an outro. */
export function sectionOf({ bars }: Score, bar: number): Section {
  if (bar < 2) return sections.intro;
  if (bar >= bars - 4) return sections.outro;
  const breakAt = Math.floor((bars * 0.6) / 4) * 4;
  if (bar >= breakAt && bar < breakAt + 4) return sections.break;
  return Math.floor(bar / 8) % 2 === 0 ? sections.verse : sections.chorus;
}
