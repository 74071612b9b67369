import { describe, expect, it } from 'vitest';
import { imagePath, parseImagePath } from '../src/index.ts';

const id = 'album_0123456789abcdefghjkmnpqrs';

describe('an image path', () => {
  it('names the picture and its size, and is read back', () => {
    expect(imagePath({ id, size: 'MEDIUM' })).toBe(`/images/v1/${id}/medium.jpg`);
    expect(parseImagePath(`/images/v1/${id}/medium.jpg`)).toEqual({ id, size: 'MEDIUM' });
  });

  it('exists for all that can be shown', () => {
    for (const kind of ['artist', 'track', 'genre', 'user', 'playlist']) {
      const other = id.replace('album', kind);
      expect(parseImagePath(imagePath({ id: other, size: 'SMALL' }))).toEqual({ id: other, size: 'SMALL' });
    }
  });

  it('exists for nothing else, so that nobody can have pictures drawn of made-up ids', () => {
    const made = ['x', 'session', 'decision', 'albums'].map((kind) => id.replace('album', kind));
    // The first of 26 characters is 0 to 7 in an id of 128 bits.
    for (const other of [...made, id.replace('_0', '_8'), id.replace('_0', '_z')]) {
      expect(parseImagePath(`/images/v1/${other}/medium.jpg`), other).toBeUndefined();
    }
    expect(parseImagePath(`/images/v1/${id.replace('_0', '_7')}/medium.jpg`)).toBeDefined();
  });

  it('has one spelling only', () => {
    for (const path of [
      `/images/v1/${id}/MEDIUM.jpg`,
      `/images/v1/${id}/huge.jpg`,
      `/images/v1/${id}/medium.png`,
      `/images/v1//${id}/medium.jpg`,
      `/images/v1/../v1/${id}/medium.jpg`,
      '/images/v1/album_short/medium.jpg',
    ]) {
      expect(parseImagePath(path), path).toBeUndefined();
    }
    expect(() => imagePath({ id: '../x', size: 'SMALL' })).toThrow('public id');
  });
});
