/** The machine itself, emulated: it runs wherever QEMU does, and needs neither root nor KVM. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { environment, firmware } from './tools.js';

export interface Hardware {
  /** MiB of each NUMA node, which has one CPU. */
  readonly nodes: readonly number[];
  /** QEMU's name of the processor. Default `max`, which has 1 GiB pages. */
  readonly cpu?: string;
  /** More of the kernel's command line. */
  readonly parameters?: string;
}

interface Files {
  readonly kernel: string;
  readonly initrd: string;
  /** A directory that the guest may write. */
  readonly share: string;
}

/** A boot takes seconds; this is for a guest that hangs. */
const TIMEOUT_MS = 600_000;

/** Runs a machine until it powers off, and returns what it wrote to its serial console. */
export async function qemu({ nodes, cpu = 'max', parameters = '' }: Hardware, { kernel, initrd, share }: Files): Promise<string> {
  const memory = String(nodes.reduce((sum, size) => sum + size, 0));
  // no_timer_check: on a busy host the timer's interrupts come late, and Linux 5.10 would take it for broken, and panic.
  const args = [
    ...['-machine', 'pc', '-accel', 'tcg,thread=multi', '-cpu', cpu, '-smp', String(nodes.length), '-m', `${memory}M`],
    ...nodes.flatMap((size, node) => numaNode(size, node)),
    ...['-kernel', kernel, '-initrd', initrd, '-append', `console=ttyS0 quiet panic=-1 no_timer_check ${parameters}`],
    ...['-virtfs', 'local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap'],
    ...['-virtfs', `local,path=${share},mount_tag=share,security_model=none`],
    ...['-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none', '-serial', 'stdio'],
    ...firmware(),
  ];
  // QEMU ends with this process, however that ends.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'qemu-system-x86_64', ...args], {
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  await once(child, 'close');
  return output;
}

function numaNode(size: number, node: number): string[] {
  const id = String(node);
  return ['-object', `memory-backend-ram,id=node${id},size=${String(size)}M`, '-numa', `node,nodeid=${id},memdev=node${id},cpus=${id}`];
}
