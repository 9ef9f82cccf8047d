/** Packages of npm that others use instead. They are those of benchmarks/peers: neither this package nor its tests need them. */
import { createRequire } from 'node:module';
import { inCheckout } from './root.js';
import { NotInstalled } from './unavailable.js';

const require = createRequire(inCheckout('benchmarks/peers/package.json'));

/** @throws NotInstalled also where it was built for another Node.js */
export function peerPackage(name: string): unknown {
  try {
    return require(name);
  } catch (error) {
    throw new NotInstalled(`${name} for this Node.js`, 'npm ci --prefix benchmarks/peers', { cause: error });
  }
}
