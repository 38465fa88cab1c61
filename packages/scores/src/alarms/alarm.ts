/** Something that is wrong with a set as a whole, or is not. */
export interface Alarm {
  readonly name: string;
  /** `undecidable`: there is too little to tell. */
  readonly state: 'alarm' | 'none' | 'undecidable';
  /** What was counted, with its numbers. */
  readonly line: string;
}
