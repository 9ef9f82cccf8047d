/** SIGBUS of others beside a region that survives. */
import { allocateSync } from 'hugepages';

const [size, scenario, addon] = [Number(process.argv[2]), process.argv[3], process.argv[4]];
const other = {};
process.dlopen({ exports: other }, addon);
const SURVIVES = { size, backing: ['hugetlb'], reserve: false, prefault: false, onExhaustion: 'degrade' };

function survive() {
  const region = allocateSync(SURVIVES);
  region.bytes()[0] = 1;
  const { pages } = region.degraded;
  region.dispose();
  return pages;
}

function trap() {
  const { Instance, Module } = globalThis.WebAssembly;
  // (module (memory 1) (func (export "load") (param i32) (result i32) local.get 0 i32.load))
  const text = '0061736d0100000001060160017f017f030201000503010001070801046c6f616400000a0901070020002802000b';
  const { load } = new Instance(new Module(Buffer.from(text, 'hex'))).exports;
  try {
    return load(65_536);
  } catch (error) {
    return error.constructor.name;
  }
}

async function signalled() {
  let heard = 0;
  const count = () => heard++;
  process.on('SIGBUS', count);
  const before = allocateSync(SURVIVES); // goes before Node's handler
  process.kill(process.pid, 'SIGBUS');
  while (heard === 0) await new Promise(setImmediate);
  before.bytes()[0] = 1;
  const { pages } = before.degraded;
  before.dispose();
  process.off('SIGBUS', count);
  return [heard, pages, survive()];
}

const SCENARIOS = {
  'without a handler': () => [survive(), other.fault(false)],
  'a handler from before': () => [other.install(), survive(), other.fault(true), survive()],
  'a handler from later': () => [survive(), other.install(), other.fault(true), survive(), other.fault(true)],
  'a handler from later that passes on': () => {
    const region = allocateSync(SURVIVES);
    other.install();
    region.bytes()[0] = 1;
    const { pages } = region.degraded;
    region.dispose();
    return [pages, other.fault(true)];
  },
  'a handler from before, and a fault that is not its own': () => [other.install(), survive(), other.fault(false)],
  webassembly: () => [trap(), survive(), trap()],
  signalled,
};
console.log(JSON.stringify(await SCENARIOS[scenario]()));
