/** Why something cannot be measured. */

/** This machine cannot have it: the kernel, its hardware or its memory. */
export class Unavailable extends Error {}

/** The machine could have it. */
export class NotInstalled extends Unavailable {
  /** @param command - what installs it, to be pasted: `apt-get install -y smem` */
  constructor(what: string, command: string, options?: ErrorOptions) {
    super(`${what} is not installed: ${command}`, options);
  }
}
