export declare function guardMachine(): Promise<() => Promise<boolean>>;
