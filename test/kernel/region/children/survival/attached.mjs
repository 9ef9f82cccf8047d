/** Takes a region of two pages, has its file cut short to one, and touches the other; how it ends is the observation, too. */
import { spawnSync } from 'node:child_process';
import { Region } from 'hugepages';

const [token, options, socketPath] = process.argv.slice(2).map((text) => JSON.parse(text));
const region = socketPath === null ? Region.attach(token, options) : await Region.receive(socketPath, options);
const { pageSize, byteLength } = region;
const events = [];
region.on('degraded', (page) => events.push(page));

const { status } = spawnSync('truncate', ['-s', String(pageSize), `/proc/${token.object.pid}/fd/${token.object.fd}`], { stdio: 'inherit' });
console.error(`truncated ${status}`);
const bytes = region.bytes();
const beyond = bytes[byteLength - 1];
if (options.access !== 'read') bytes[byteLength - 1] = 8;
while (events.length === 0) await new Promise(setImmediate);
console.log(JSON.stringify({ before: bytes[0], beyond, last: bytes[byteLength - 1], degraded: region.degraded, events }));
region.dispose();
