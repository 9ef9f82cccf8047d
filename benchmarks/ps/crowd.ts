/** A thousand processes, of which some hold huge pages. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { compiled } from '../support/native.js';

/** Lets `use` have the pids of so many processes; the first ones hold a hugetlb page each. They end with this process. */
export async function withCrowd<T>(processes: number, holders: number, pageSize: number, use: (pids: number[]) => Promise<T>): Promise<T> {
  const program = compiled('crowd');
  const child = spawn(program, [processes, holders, pageSize].map(String), { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    for await (const line of createInterface({ input: child.stdout })) return await use(line.trim().split(' ').map(Number));
    throw new Error('the crowd did not gather');
  } finally {
    child.stdin.end();
  }
}
