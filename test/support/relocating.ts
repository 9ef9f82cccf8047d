/** What comes of giving a region another size, or other addresses: the error, if there is one. */
import type { Region } from '../../lib/index.js';
import { errorOf } from './thrown.js';

export const resizing = (region: Region, size: number): unknown =>
  errorOf(() => {
    region.resize(size);
  });

export const moving = (region: Region): unknown =>
  errorOf(() => {
    region.move();
  });
