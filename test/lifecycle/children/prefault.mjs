/**
 * Starts prefaults that take a while: of base pages, where a progress report proves that they are under way, and of hugetlb pages,
 * which the test counts. Then ends, or interrupts them, as it is told.
 */
import assert from 'node:assert/strict';
import { writeSync } from 'node:fs';
import { allocate, allocateSync, pool } from 'hugepages';
import { TAKES_SECONDS } from '../../support/takes-seconds.mjs';

const action = process.argv[2];
const pageSize = Number(process.argv[3]);
const before = pool(pageSize);

const SIZE = 512 * 2 ** 20;

const ENDINGS = {
  natural: async (regions) => {
    const results = await Promise.all(regions.map(({ ready }) => ready));
    console.log(JSON.stringify(results.map(({ populatedBytes }) => populatedBytes)));
  },
  'process.exit': () => process.exit(7),
  // Not in the progress report itself: what that throws rejects the promise.
  'uncaught throw': () =>
    setImmediate(() => {
      throw new Error('uncaught');
    }),
  'wait to be killed': () => writeSync(1, 'populating\n'),
};

/** Calls the ending once a prefault has reported that it is on its way. */
async function endWhilePopulating() {
  let underWay = false;
  const onProgress = ({ populatedBytes, totalBytes }) => {
    if (underWay || populatedBytes === totalBytes) return;
    underWay = true;
    ENDINGS[action](regions);
  };
  const options = { prefault: { background: true, threads: 1, onProgress } };
  const regions = [
    await allocate({ size: SIZE, backing: ['base'], ...options }),
    await allocate({ size: 8 * pageSize, pageSize, backing: ['hugetlb'], ...options }),
  ];
}

async function rejection(promise) {
  return promise.then(
    () => assert.fail('the prefault was not interrupted'),
    ({ name, code }) => ({ name, code }),
  );
}

const INTERRUPTIONS = {
  dispose: (region) => region.dispose(),
  'dispose twice': (region) => {
    region.dispose();
    region.dispose();
  },
  abort: (region, controller) => controller.abort(),
  'abort and dispose': (region, controller) => {
    controller.abort();
    region.dispose();
  },
};

/** Interrupts prefaults right after their start or from a progress report. Pages are back when the promises have settled. */
async function interrupt(how) {
  const rejections = [];
  for (const when of ['at once', 'on the way']) {
    const controller = new AbortController();
    const large = allocateSync({ size: TAKES_SECONDS, backing: ['base'], prefault: false });
    const counted = allocateSync({ size: 8 * pageSize, pageSize, backing: ['hugetlb'], prefault: false });
    const stop = () => [large, counted].forEach((region) => INTERRUPTIONS[how](region, controller));
    const options = { threads: 1, signal: controller.signal };
    const prefault = large.prefault({ ...options, ...(when === 'on the way' && { onProgress: stop }) });
    // Small enough to be done before it is interrupted: only its pages matter.
    const small = Promise.allSettled([counted.prefault(options)]);
    if (when === 'at once') stop();
    rejections.push(await rejection(prefault));
    await small;
    if (how === 'abort') [large, counted].forEach((region) => region.dispose());
    assert.deepEqual(pool(pageSize), before);
  }
  console.log(JSON.stringify(rejections));
}

await (action in INTERRUPTIONS ? interrupt(action) : endWhilePopulating());
