import { findMedia } from '@medley/explorer/find-media';
import { describe, expect, it } from 'vitest';

const edge = 'http://localhost:4100';

describe('what can be heard and seen of an answer', () => {
  it('finds grants and pictures, named by what stands around them', () => {
    const data = {
      high: { url: `${edge}/audio/v1/track_1/high.ogg?t=v1`, grantedQuality: 'HIGH' },
      plain: { url: `${edge}/audio/v1/track_2/low.ogg?t=v1` },
      track: { title: 'First Ferry', album: { cover: { url: `${edge}/images/v1/album_1/medium.jpg` } } },
    };
    expect(findMedia(data, edge)).toEqual([
      { kind: 'audio', url: data.high.url, label: 'HIGH' },
      { kind: 'audio', url: data.plain.url, label: 'plain.url' },
      { kind: 'image', url: data.track.album.cover.url, label: 'First Ferry' },
    ]);
  });

  it('knows the token of a grant, and takes none from around it', () => {
    const url = (track: number) => `${edge}/audio/v1/track_${track}/low.ogg?t=v1`;
    const data = {
      grant: { url: url(1), playbackToken: 'v1.facts.signature', track: { preview: url(2) } },
      next: [{ url: url(3), playbackToken: 'v1.others.signature' }],
    };
    expect(findMedia(data, edge).map(({ playbackToken }) => playbackToken)).toEqual([
      'v1.facts.signature',
      undefined,
      'v1.others.signature',
    ]);
  });

  it('leaves alone what is not of the edge', () => {
    const strangers = [
      'https://evil.example/audio/v1/x',
      `${edge}.evil.example/audio/v1/x`,
      `${edge}/metrics`,
      'text',
    ];
    expect(findMedia({ strangers, none: null, number: 1 }, edge)).toEqual([]);
  });

  it('shows each once, and not more than a screen takes', () => {
    const many = Array.from({ length: 60 }, (_, index) => `${edge}/images/v1/album_${index % 40}/medium.jpg`);
    const found = findMedia(many, edge);
    expect(found).toHaveLength(24);
    expect(new Set(found.map(({ url }) => url)).size).toBe(24);
  });

  it.each([undefined, null, 'text', 7])('finds nothing in %s', (data) => {
    expect(findMedia(data, edge)).toEqual([]);
  });
});
