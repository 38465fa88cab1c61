import { hexColour, okabeIto } from '@noisy-pairs/imaging';
import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';

/** Okabe and Ito's colours that stand out on white. */
export const plotColours = okabeIto.slice(0, 6).map(hexColour);

const look = {
  font: 'system-ui, sans-serif',
  // widths are estimated here, without a screen: nearly twice what letters take
  axis: { labelFontSize: 12, titleFontSize: 13, gridColor: '#8884', labelLimit: 600 },
  legend: { labelFontSize: 12, titleFontSize: 13, labelLimit: 300 },
  title: { fontSize: 15 },
  view: { stroke: null },
  concat: { spacing: 36 },
};

/** An SVG document of a Vega-Lite specification in the project's look. */
export async function renderPlot(spec: TopLevelSpec): Promise<string> {
  const { spec: vega } = compile({ background: 'transparent', config: look, ...spec });
  const view = new View(parse(vega), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  return svg;
}
