import { kindOf, type DataConfig } from './data-config.ts';
import type { DataRun, RunData } from './run-data.ts';

/**
 * The sources of a run.
 * @throws if there is less than the configuration asks for
 */
export async function openRunData(
  config: DataRun & { readonly data: DataConfig },
): Promise<RunData> {
  const { data, monitor } = config;
  if ('train' in data && monitor.bank > data.train)
    throw new Error(
      `monitor.bank: expected at most the ${data.train} labelled training images, got ` +
        `${monitor.bank}`,
    );
  if ('test' in data && monitor.queries > data.test)
    throw new Error(
      `monitor.queries: expected at most the ${data.test} test images, got ${monitor.queries}`,
    );
  const opened = await kindOf(data).open(data, config);
  if (!opened.labelled && monitor.everyEpochs > 0)
    throw new Error(
      `monitor.everyEpochs: expected 0 on data without labels, got ${monitor.everyEpochs}`,
    );
  return opened;
}
