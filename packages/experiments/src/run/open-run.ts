import type { Precision } from '@noisy-pairs/engine';
import { resnet, type Encoder } from '@noisy-pairs/models';
import type { Progress } from '@noisy-pairs/training';
import type { RunConfig } from '../config/run-config.ts';
import { openRunData } from '../data/open-data.ts';
import type { RunData } from '../data/run-data.ts';
import type { RunHow, RunProgress } from './run-progress.ts';

/** A run under way, as its parts share it. */
export interface OpenRun {
  readonly config: RunConfig;
  /** Folder of the run. */
  readonly out: string;
  readonly data: RunData;
  readonly encoder: Encoder;
  /** How steps are run, for every training of the run. */
  readonly running: {
    readonly eager: boolean;
    readonly precision: Precision;
    readonly onMessage?: (line: string) => void;
    readonly beforeWrite?: () => void;
    readonly onCheckpoint?: () => void;
  };
  /** Hands on the progress of a part. */
  readonly progressOf: (stage: RunProgress['stage']) => (progress: Progress) => void;
}

/** @throws if the data are not there, or are less than the configuration asks for */
export async function openRun(
  config: RunConfig,
  out: string,
  { eager = false, onMessage, beforeWrite, onCheckpoint, onProgress }: RunHow,
): Promise<OpenRun> {
  const { precision } = config;
  return {
    config,
    out,
    data: await openRunData(config),
    encoder: resnet(config.encoder),
    running: {
      eager,
      precision,
      ...(onMessage ? { onMessage } : {}),
      ...(beforeWrite ? { beforeWrite } : {}),
      ...(onCheckpoint ? { onCheckpoint } : {}),
    },
    progressOf: (stage) => (progress) => onProgress?.({ stage, ...progress }),
  };
}
