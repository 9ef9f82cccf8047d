/** A process that is told over IPC what to hold, what to ask, and what to allocate; it answers with what explain() and the kernel said. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { allocate, allocateSync, explain } from 'hugepages';

let held = [];

function release() {
  for (const region of held) region.dispose();
  held = [];
}

/** Regions that are in the way of what is asked later. One that cannot be had is not. */
async function hold({ size, touched, ...options }) {
  try {
    const region = allocateSync({ ...options, size, backing: ['hugetlb'], prefault: false });
    held.push(region);
    await region.prefault({ length: touched });
  } catch (error) {
    if (error.name !== 'HugePagesError') throw error;
  }
}

const LIMITS = {
  as: { used: /^VmSize:\s+(\d+) kB/m, hard: /^Max address space +\S+ +(\S+)/m },
  data: { used: /^VmData:\s+(\d+) kB/m, hard: /^Max data size +\S+ +(\S+)/m },
  memlock: { used: /^VmLck:\s+(\d+) kB/m, hard: /^Max locked memory +\S+ +(\S+)/m },
};

/** Leaves room for so many bytes of each, or for as much as may be. Its own limits every process may change. */
function limit(room) {
  const read = (file, pattern) => pattern.exec(readFileSync(`/proc/self/${file}`, 'utf8'))[1];
  const options = Object.entries(LIMITS).map(([name, { used, hard }]) => {
    const soft = room[name] === undefined ? read('limits', hard) : String(Number(read('status', used)) * 1024 + room[name]);
    return `--${name}=${soft}:`;
  });
  const { status, stderr } = spawnSync('prlimit', ['--pid', process.pid, ...options], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`prlimit: ${stderr}`);
}

/** What should come of what explain() says. */
function expected({ possible, backing, candidates }, options) {
  const failures = candidates.map(({ possible, reasons: [reason] }) => (possible ? undefined : [reason.error, reason.step]));
  const tried = candidates.findIndex((candidate) => candidate.possible);
  const mistake = failures.find((failure) => failure?.[0] === 'ERR_HUGEPAGES_PAGE_SIZE');
  if (mistake !== undefined) return { possible, code: mistake[0] };
  if (!possible) return { possible, code: failures[0][0], failures };
  const ready = candidates[tried].reasons[0]?.error ?? 'populated';
  return { possible, backing, failures: failures.slice(0, tried), ...(options.prefault?.background && { ready }) };
}

const MAKING = ['memfd_create', 'open', 'fstatfs', 'statx', 'ftruncate', 'linkat', 'shmget', 'shmctl'];

function stepOf({ code, syscall }) {
  if (MAKING.includes(syscall) || code === 'ERR_HUGEPAGES_NO_MOUNT') return 'make';
  if (code === 'ERR_HUGEPAGES_POPULATE' || syscall === undefined) return 'populate';
  return syscall === 'mbind' ? 'bind' : 'map';
}

function failuresOf(errors) {
  return errors.map((error) => [error.code, stepOf(error)]);
}

/** What allocate() does, in the same form. */
async function outcome(options, sync) {
  let region;
  try {
    region = sync ? allocateSync(options) : await allocate(options);
    const { backing: kind, pageSize } = region.attempts.at(-1);
    const ready = () => region.ready.then(() => 'populated', ({ code }) => code);
    return {
      possible: true,
      backing: { kind, pageSize },
      failures: failuresOf(region.attempts.flatMap(({ error }) => error ?? [])),
      ...(options.prefault?.background && { ready: await ready() }),
    };
  } catch (error) {
    if (error.name !== 'HugePagesError') throw error;
    if (error.code === 'ERR_HUGEPAGES_PAGE_SIZE') return { possible: false, code: error.code };
    return { possible: false, code: error.code, failures: failuresOf(error.details.attempts ?? [error]) };
  } finally {
    region?.dispose();
  }
}

const COMMANDS = {
  hold,
  limit,
  release,
  async ask({ options, sync }) {
    const explained = explain(options);
    return { explained, said: expected(explained, options), done: await outcome(options, sync) };
  },
};

process.on('message', ({ command, value }) => {
  const run = async () => COMMANDS[command](value);
  run().then(
    (result) => process.send({ result }),
    (error) => process.send({ error: error.stack }),
  );
});
process.on('disconnect', () => process.exit());
process.send({ result: 'ready' });
