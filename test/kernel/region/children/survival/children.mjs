/** Starts processes while the pool is exhausted and every page of it is degraded or taken. */
import { execFileSync, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { allocateSync } from 'hugepages';

if (process.send !== undefined) process.exit(3);
const [pageSize, pages] = process.argv.slice(2).map(Number);
const region = allocateSync({ size: pages * pageSize, backing: ['hugetlb'], reserve: false, prefault: false, onExhaustion: 'degrade' });
const bytes = region.bytes().fill(1);

const spawned = spawnSync('true').status;
const executed = execFileSync('echo', ['text'], { encoding: 'utf8' });
const child = fork(fileURLToPath(import.meta.url), [String(pageSize), String(pages)]);
const [forked] = await once(child, 'exit');
bytes.fill(2);
const kept = bytes.equals(Buffer.alloc(bytes.length, 2));
console.log(JSON.stringify({ spawned, executed, forked, kept, degraded: region.degraded.pages }));
region.dispose();
