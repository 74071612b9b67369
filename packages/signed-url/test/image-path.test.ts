import { describe, expect, it } from 'vitest';
import { imagePath, parseImagePath } from '../src/index.ts';

const id = 'album_0123456789abcdefghjkmnpqrs';

describe('an image path', () => {
  it('names the picture and its size, and is read back', () => {
    expect(imagePath({ id, size: 'MEDIUM' })).toBe(`/images/v1/${id}/medium.jpg`);
    expect(parseImagePath(`/images/v1/${id}/medium.jpg`)).toEqual({ id, size: 'MEDIUM' });
  });

  it('exists for artists and users too', () => {
    for (const kind of ['artist', 'user', 'playlist']) {
      const other = id.replace('album', kind);
      expect(parseImagePath(imagePath({ id: other, size: 'SMALL' }))).toEqual({ id: other, size: 'SMALL' });
    }
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
