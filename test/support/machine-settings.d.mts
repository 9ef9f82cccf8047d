export interface MachineState {
  readonly settings: ReadonlyMap<string, string>;
  readonly counters: ReadonlyMap<string, string>;
}
export declare function readMachine(): MachineState;
export declare function differences(before: MachineState): string[];
export declare function restore(before: MachineState): void;
