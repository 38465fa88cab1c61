import { markup } from '@noisy-pairs/pages';

/** CSS of an embedding page, besides that of every page. */
export const embeddingStyle = markup`
  h2 { margin-bottom: .3rem; }
  h3 { margin: .4rem 0 0; font-size: 1.05rem; }
  p { margin: .7rem 0; }

  .run { color: #555; margin-top: .2rem; }
  .caution { background: #eef5fb; border-left: 5px solid #0072b2; padding: .6rem 1rem; }
  .how { font-size: .9rem; color: #444; }

  .panels {
    display: grid; grid-template-columns: repeat(auto-fit, minmax(min(30rem, 100%), 1fr));
    gap: 1.2rem 2rem; }
  .panel { max-width: 46rem; }

  .panel svg { display: block; width: 100%; }
  .frame { fill: #fcfcfc; stroke: #ddd; }
  .numbers circle { fill: #fff; stroke: #222; }
  .numbers text { font: bold 11px system-ui, sans-serif; text-anchor: middle; fill: #222; }

  .legend {
    display: flex; flex-wrap: wrap; align-items: center; gap: .2rem 1.2rem; min-height: 2rem;
    font-size: .88rem; color: #333; }
  .legend i {
    display: inline-block; width: .75rem; height: .75rem; border-radius: 50%; margin-right: .4rem; }
  .legend i.scale { width: 9rem; border-radius: 2px; margin: 0 .5rem; }

  .bar { position: relative; height: .5rem; background: #e8e8e8; margin: .6rem 0 .4rem; }
  .bar i { position: absolute; inset: 0 auto 0 0; background: #0072b2; }
  .bar i.chance {
    width: 3px; top: -.2rem; bottom: -.2rem; background: #222; margin-left: -1px; }

  .panel figcaption { font-size: .92rem; color: #444; max-width: none; }
  .panel figcaption b { font-size: 1.3rem; color: #0072b2; }

  .seen { margin: 1rem 0; }
  .seen figure { width: 6.4rem; }
  .seen img { width: 6.4rem; height: 6.4rem; image-rendering: pixelated; display: block; }
  .seen figcaption { line-height: 1.3; padding-top: .2rem; }
`;
