/** Vega, which draws the charts of reports: an optional package, loaded when it is needed. */
import type { Spec } from 'vega';
import { HugePagesError } from '../../../errors.js';

/** Draws a specification as an `<svg>` element. */
export type Draw = (spec: Spec) => Promise<string>;

/** @throws HugePagesError `ERR_HUGEPAGES_UNSUPPORTED` where it is not installed */
export async function loadVega(): Promise<Draw> {
  const { View, parse } = await importVega();
  return (spec) => new View(parse(spec), { renderer: 'none' }).toSVG();
}

async function importVega(): Promise<typeof import('vega')> {
  try {
    return await import('vega');
  } catch (cause) {
    const command = 'npm install vega';
    throw new HugePagesError('ERR_HUGEPAGES_UNSUPPORTED', 'The charts of --html are drawn by the package vega, which could not be loaded', {
      cause,
      details: { command },
      remedy: `Install it beside hugepages: ${command}`,
    });
  }
}
