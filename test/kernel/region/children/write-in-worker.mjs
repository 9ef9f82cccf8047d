/** Writes to a page of a region of another thread. */
import { workerData } from 'node:worker_threads';
import { Region } from 'hugepages';

const { token, page } = workerData;
const region = Region.attach(token);
region.bytes()[page * region.pageSize] = 1;
region.dispose();
