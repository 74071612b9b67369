/** Five colours that go together: a dark and a light ground, and three that stand out from both. */
export interface Palette {
  readonly dark: string;
  readonly light: string;
  readonly accents: readonly [string, string, string];
}

export const palettes: readonly Palette[] = [
  { dark: '#1b1b3a', light: '#f4e9d8', accents: ['#e4572e', '#f3a712', '#2e86ab'] },
  { dark: '#0b3c49', light: '#fff8ec', accents: ['#f26430', '#f7c548', '#3bb4a4'] },
  { dark: '#2d1e2f', light: '#f6eef2', accents: ['#c1476d', '#f2a65a', '#7d53de'] },
  { dark: '#14281d', light: '#f5f1e3', accents: ['#6a994e', '#f2b134', '#bc4b51'] },
  { dark: '#101d42', light: '#e9f5f9', accents: ['#3d7dca', '#f25f5c', '#ffe066'] },
  { dark: '#33231b', light: '#fbf3e4', accents: ['#d1495b', '#edae49', '#30638e'] },
  { dark: '#17202a', light: '#eef2f3', accents: ['#16a596', '#f6ae2d', '#f26419'] },
  { dark: '#2b0f3a', light: '#fdf0ff', accents: ['#ff6b9d', '#7b5ee0', '#35c3c1'] },
  { dark: '#1d2f25', light: '#f0efe2', accents: ['#e36414', '#fbc740', '#5b8e7d'] },
  { dark: '#0f1a20', light: '#f8f1e7', accents: ['#ee6c4d', '#98c1d9', '#f4d35e'] },
  { dark: '#3a0f1c', light: '#fff1ea', accents: ['#f25c54', '#f7b267', '#8a4fff'] },
  { dark: '#0d2b33', light: '#eaf7f2', accents: ['#00a896', '#f0c808', '#ef476f'] },
];
