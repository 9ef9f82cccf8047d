/** Two processes that answer each other through futexes, beside two in C++. */
import { performance } from 'node:perf_hooks';
import { allocateSync } from 'hugepages';
import { compared, figure } from '../support/measure.js';
import type { Peer } from '../support/peer.js';
import type { Section } from '../support/report.js';
import { inTurn } from '../support/rounds.js';
import type { SharingPeer } from './peer.js';

const ROUNDS = 21;
const TURNS = 5000;
const PEER = 'futex(2) in C++';

export function pingpongSection(bare: Peer, other: SharingPeer): Section {
  return {
    name: 'ping-pong',
    measure: async () => {
      const sides = {
        bare: () => bare.pingpong(TURNS),
        waitSync: () => pingpong(other, 'waitSync'),
        wait: () => pingpong(other, 'wait'),
      };
      const { bare: inC, waitSync, wait } = await inTurn(ROUNDS, sides);
      return [
        figure(`there and back, ${PEER}`, 'us', inC),
        figure('there and back, waitSync()', 'us', waitSync),
        compared('there and back, waitSync()', PEER, { ours: waitSync, theirs: inC }, { atLeast: 1 / 1.5, claim: 'waitSync by futex' }),
        // Without a bound: it may not sleep on the event loop, and C++ has no promises.
        figure('there and back, wait()', 'us', wait),
        compared('there and back, wait()', PEER, { ours: wait, theirs: inC }, { claim: 'wait by futex' }),
      ];
    },
  };
}

/** @returns microseconds for there and back */
async function pingpong(other: SharingPeer, how: 'wait' | 'waitSync'): Promise<number> {
  const region = allocateSync({ size: 4096, backing: ['base'], source: 'memfd' });
  const words = region.view(Int32Array);
  const { ended } = await other.begin('answer', region.share(), TURNS, how);
  const start = performance.now();
  for (let turn = 1; turn <= TURNS; turn++) {
    Atomics.store(words, 0, turn);
    region.notify(0, 1);
    while (Atomics.load(words, 16) !== turn) {
      if (how === 'wait') await region.wait(64, turn - 1);
      else region.waitSync(64, turn - 1);
    }
  }
  const took = performance.now() - start;
  await ended;
  region.dispose();
  return (took * 1000) / TURNS;
}
