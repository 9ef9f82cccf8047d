/** Handing a region over a Unix socket: as promises with abort and timeout. */
import { checkOneOf, checkOptions, checkSignal, checkTimeout } from '../arguments.js';
import { HugePagesError, abortError, invalidArgType, invalidArgValue } from '../errors.js';
import { native } from '../native.js';
import type { HandoverOutcome } from '../native/sharing.js';
import { isSystemCallError } from './failures.js';
import type { Hold } from './hold.js';
import { disposedError } from './job.js';
import { meaningOf, objectFailure } from './sharing-failures.js';
import { USE_OPTIONS, parseUse } from './use.js';
import type { Use } from './use.js';
import { toNanoseconds } from './wait.js';

/** Options of both sides, checked. */
export interface HandoverPlan {
  readonly address: string;
  readonly anyUser: boolean;
  /** Nanoseconds, or -1. */
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
}

export interface ReceivePlan extends HandoverPlan, Use {}

const SEND_OPTIONS = ['timeout', 'signal', 'peer'] as const;
const RECEIVE_OPTIONS = [...SEND_OPTIONS, ...USE_OPTIONS] as const;
const SEND_TIMEOUT_MS = 10_000;
/** Of sockaddr_un, with the zero byte that ends a path. */
const MAX_ADDRESS_BYTES = 107;

export function parseSend(path: unknown, value: unknown): HandoverPlan {
  return parse(path, { timeout: SEND_TIMEOUT_MS, ...checkOptions(value, 'options', SEND_OPTIONS) });
}

export function parseReceive(path: unknown, value: unknown): ReceivePlan {
  const options = checkOptions(value, 'options', RECEIVE_OPTIONS);
  return { ...parse(path, options), ...parseUse(options) };
}

function parse(path: unknown, options: Partial<Record<(typeof SEND_OPTIONS)[number], unknown>>): HandoverPlan {
  const { peer, signal } = options;
  return {
    address: checkAddress(path),
    anyUser: peer !== undefined && checkOneOf(peer, 'options.peer', ['same-user', 'any-user']) === 'any-user',
    timeout: toNanoseconds(checkTimeout(options.timeout, 'options.timeout')),
    signal: checkSignal(signal, 'options.signal'),
  };
}

/** As in node:net, an address that begins with a NUL is an abstract name. */
function checkAddress(value: unknown): string {
  if (typeof value !== 'string') throw invalidArgType('socketPath', 'of type string', value);
  const name = value.startsWith('\0') ? value.slice(1) : value;
  if (name === '' || name.includes('\0') || Buffer.byteLength(value) > MAX_ADDRESS_BYTES) {
    const kinds = 'a path, or an abstract name after a NUL';
    throw invalidArgValue('socketPath', `must be ${kinds}, of up to ${String(MAX_ADDRESS_BYTES)} bytes`, value);
  }
  return value;
}

const SEND = 'Cannot hand over a region';
const RECEIVE = 'Cannot receive a region';

/** Hands over the object of a region. */
export async function send(hold: Hold, plan: HandoverPlan): Promise<void> {
  const { address, anyUser, timeout } = plan;
  const outcome = await run(SEND, plan, (done) => native.sendObject(hold.handle, address, anyUser, timeout, done));
  if (outcome.errno === 0) return;
  if (hold.disposed) throw disposedError('The region was disposed while it was handed over');
  throw handoverError(SEND, plan, outcome);
}

/** @returns a handle */
export async function receive(plan: ReceivePlan): Promise<number> {
  const { address, anyUser, timeout, writable, degrade } = plan;
  const outcome = await run(RECEIVE, plan, (done) => native.receiveObject(address, anyUser, timeout, writable, degrade, done));
  if (outcome.handle === undefined) throw handoverError(RECEIVE, plan, outcome);
  return outcome.handle;
}

type Start = (done: (outcome: HandoverOutcome) => void) => number;

async function run(what: string, { signal }: HandoverPlan, start: Start): Promise<HandoverOutcome> {
  if (signal?.aborted === true) throw abortError(signal);
  let job = 0;
  const stop = (): void => {
    native.cancel(job);
  };
  const outcome = await new Promise<HandoverOutcome>((resolve, reject) => {
    try {
      job = start(resolve);
      signal?.addEventListener('abort', stop, { once: true });
    } catch (error) {
      reject(isSystemCallError(error) ? objectFailure(what, error) : (error as Error));
    }
  });
  signal?.removeEventListener('abort', stop);
  return outcome;
}

function handoverError(what: string, { address, signal }: HandoverPlan, outcome: HandoverOutcome): Error {
  const { errno, syscall, refused, reasonErrno, reasonSyscall, turnedAway } = outcome;
  const reason = reasonErrno === 0 ? undefined : meaningOf({ errno: reasonErrno, syscall: reasonSyscall });
  const details = { socketPath: address, reason, turnedAway };
  const place = `${what} on ${address.replace('\0', '@')}`; // as /proc/net/unix shows abstract names
  if (syscall === 'poll' && errno === CANCELED && signal !== undefined) return abortError(signal);
  if (syscall === 'poll' && errno === TIMED_OUT) {
    const last = reason === undefined ? '' : `; at last ${reason}`;
    return new HugePagesError('ERR_HUGEPAGES_TIMEOUT', `${place}: nobody came in time${last}`, { details });
  }
  if (refused) return objectFailure(`${place}: the receiver refused it`, { errno, syscall }, details, 'ERR_HUGEPAGES_REFUSED');
  return objectFailure(place, { errno, syscall }, details);
}

const CANCELED = -125;
const TIMED_OUT = -110;
