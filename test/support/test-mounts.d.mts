export const MOUNTS_PREFIX: string;
export function mountsBelow(directory: string): string[];
export function unmountBelow(directory: string): void;
export function testDirectories(): string[];
export function removeTestDirectories(): void;
