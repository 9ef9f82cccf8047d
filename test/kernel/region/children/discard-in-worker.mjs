/** Tells the holes of a region of another thread, and makes one. */
import { parentPort, workerData } from 'node:worker_threads';
import { Region } from 'hugepages';

const region = Region.attach(workerData);
parentPort.postMessage(region.holes());
region.discard(3 * region.pageSize, region.pageSize);
region.dispose();
