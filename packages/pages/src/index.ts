export { greyClasses } from './grey-classes.ts';
export { figure, table, type Table } from './elements.ts';
export { lines, markup, trusted, type Markup } from './markup.ts';
export { page } from './page.ts';
export { photograph, picture, type Picture } from './picture.ts';
export { plotColours, renderPlot } from './render-plot.ts';
