/** Whether this Node.js has SharedArrayBuffers over foreign memory: 22.23.3, 24.16, 26.1 and later. */
import { native } from '../../lib/native.js';

export const HAS_SHARED_BUFFERS = native.features().sharedArrayBuffer;

/** For the title of what is skipped without them. */
export const NO_SHARED_BUFFERS = `[skipped: Node.js ${process.version} has no SharedArrayBuffer over foreign memory]`;
