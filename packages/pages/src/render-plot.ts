import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';

/** Okabe and Ito's colours, told apart with any colour vision. */
export const plotColours = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#d55e00', '#56b4e9'];

const look = {
  font: 'system-ui, sans-serif',
  axis: { labelFontSize: 12, titleFontSize: 13, gridColor: '#8884' },
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
