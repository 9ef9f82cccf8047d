/** Where Node's C headers are, so that a build needs no network. */
import { existsSync } from 'node:fs';
import path from 'node:path';

function besideNode() {
  const prefix = path.resolve(process.execPath, '../..');
  return existsSync(path.join(prefix, 'include/node/node_api.h')) ? prefix : undefined;
}

/** A prefix that holds include/node: the one npm was told, else the running node's own; undefined lets node-gyp download them. */
export const nodeHeaders = process.env.npm_config_nodedir ?? besideNode();
