export declare function ticks(): Promise<void>;
export declare function collectUntil(condition: () => boolean): Promise<boolean>;
