/** The addon's file, as the kernel has it mapped in this process. */
import { readFileSync } from 'node:fs';
import '../../lib/native.js';

const [path] = /\/\S+\/hugepages\.node$/m.exec(readFileSync('/proc/self/maps', 'utf8')) ?? [];
if (path === undefined) throw new Error('the addon is not mapped');

export const ADDON = path;
