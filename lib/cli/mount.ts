/** `hugepages mount`: the hugetlbfs mounts. */
import { parseArgs } from 'node:util';
import { UsageError } from './command.js';
import type { Command } from './command.js';
import { actions } from './mount/actions.js';
import { suggestion } from './usage.js';

const HELP = `Usage: hugepages mount [list] [--pid PID] [--root DIR] [--json]
       hugepages mount add PATH [options of the mount] [--dry-run] [--json]
       hugepages mount ensure PATH [options of the mount] [--dry-run] [--json]
       hugepages mount remove PATH [--dry-run] [--json]
       hugepages mount find [--page-size SIZE] [--size SIZE] [--read] [--json]
       hugepages mount usage PATH [--json]
       hugepages mount holders PATH [--json]
       hugepages mount leftovers PATH [--min-age SECONDS] [--remove] [--json]

Files on a hugetlbfs mount are made of huge pages, and stay until they are
removed, whether a process uses them or not.

Actions:
  list       the hugetlbfs mounts that this process sees, or another one
  add        mounts hugetlbfs; makes the directory where it is missing
  ensure     the same, unless it is mounted already with these options
  remove     unmounts it; when it is in use, says by whom
  find       prints a mount that this user may make files in
  usage      pages and inodes that are used of the limits of the mount
  holders    the processes that map or have open any of its files
  leftovers  the files that no process maps or has open

Options of the mount:
  --page-size SIZE  such as 2MiB; the machine's default otherwise
  --size SIZE       the most its files may hold: whole pages, or 50% of the pool
  --min-size SIZE   taken from the pool and kept for its files: like --size
  --nr-inodes N     the most files and directories, with its root
  --uid N, --gid N  owner and group of its root
  --mode MODE       permissions of its root in octal, such as 1770

Options:
  --dry-run         checks and says what would be done, and does nothing
  --pid PID         the mounts that this process sees
  --root DIR        the recorded proc and sys of another machine
  --read            a mount to read files in will do
  --min-age SECONDS leaves out younger files
  --remove          removes the leftovers, each under a lock and only when the
                    kernel says that nobody has it open
  --json            one JSON object; sizes are bytes, ages milliseconds, and a
                    mount is what 'hugepages status' has in mounts[]:
                      list       mounts[]
                      add,       mount, mounted, createdDirectories[], command
                      ensure
                      remove     mount, unmounted, command
                      find       the fields of a mount
                      usage      mount, pageSize, pages, inodes, both { total,
                                 free, used }
                      holders    processes[] { pid, command, uses[] { kind,
                                 path, inode } }, unreadable
                      leftovers  mount, files[] { path, inode, allocatedBytes,
                                 byteLength, age }, removed, unreadable
  --help            this text

Exit code: 0 when it is done, 1 when it is not or none is found, 2 for a wrong
command line.

Examples:
  hugepages mount
  sudo hugepages mount add /mnt/huge --size 1GiB --uid $(id -u) --mode 0700
  sudo hugepages mount ensure /mnt/huge --size 50% --dry-run
  cd "$(hugepages mount find --page-size 1GiB)"
  sudo hugepages mount leftovers /dev/hugepages --min-age 3600 --remove
`;

export const mount: Command = {
  help: HELP,
  async run(given) {
    const [name = 'list', ...args] = given[0]?.startsWith('-') === true ? ['list', ...given] : given;
    const action = actions.get(name);
    if (action === undefined) throw new UsageError(`unknown action '${name}'${suggestion(name, [...actions.keys()])}`);
    const options = { ...action.options, json: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const expected = action.takesPath ? 1 : 0;
    if (positionals.length !== expected) throw new UsageError(`${name} takes ${action.takesPath ? 'one path' : 'no path'}`);
    await action.run(positionals[0] ?? '', values);
    return 0;
  },
};
