import { expect, it } from 'vitest';
import { treeOf } from '../fixtures/trees.ts';
import { isImage } from '../tree/file-type.ts';
import { walkTree } from '../tree/walk-tree.ts';
import { findPairs, type FindOptions } from './find-pairs.ts';
import { namedImages } from './named-images.ts';

/** Names with `{a,b}` for several, as a shell has it. */
function spread(names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const [, before, list, after] = /^(.*?)\{([^}]*)\}(.*)$/.exec(name) ?? [];
    if (list === undefined) return [name];
    return spread(list.split(',').map((one) => `${before ?? ''}${one}${after ?? ''}`));
  });
}

async function foundIn(names: readonly string[], options: FindOptions = {}) {
  const root = treeOf(spread(names));
  const { files } = await walkTree(root);
  const { images } = namedImages(files.filter(isImage));
  return findPairs(root, images, options);
}

interface Layout {
  readonly set: string;
  readonly names: readonly string[];
  readonly options?: FindOptions;
  readonly rule: string;
  readonly pairs: number;
  readonly change?: number;
  readonly firstMasks?: number;
  readonly places: number;
}

const bands = '{B01,B02,B03,B04,B05,B06,B07,B08,B8A,B09,B10,B11,B12}.tif';
const layouts: readonly Layout[] = [
  {
    set: 'LEVIR-CD',
    names: ['{A,B,label}/{train_1,train_2,test_1}.png', 'list/{train,val,test}.txt'],
    rule: 'twin folders',
    pairs: 3,
    change: 3,
    places: 3,
  },
  {
    set: 'LEVIR-CD+, whose names come again in train and test',
    names: ['{train,test}/{A,B,label}/{00,01}.png'],
    rule: 'twin folders',
    pairs: 4,
    change: 4,
    places: 4,
  },
  {
    set: 'WHU-CD, crops of 256',
    names: ['{A,B,label}/{0,1,2,3}.png', 'list/{train,test}.txt'],
    rule: 'twin folders',
    pairs: 4,
    change: 4,
    places: 4,
  },
  {
    set: 'S2Looking',
    names: ['{train,val}/{Image1,Image2,label,label1,label2}/{1,2}.png'],
    rule: 'twin folders',
    pairs: 4,
    change: 4,
    firstMasks: 4,
    places: 4,
  },
  {
    set: 'CLCD',
    names: ['{train,test}/{time1,time2,label}/{00001,00002}.png'],
    rule: 'twin folders',
    pairs: 4,
    change: 4,
    places: 4,
  },
  {
    set: 'DSIFN, images as JPEG and masks as PNG, four crops an image',
    names: ['{t1,t2}/{0_1,0_2,0_3,0_4,1_1,1_2}.jpg', 'mask/{0_1,0_2,0_3,0_4,1_1,1_2}.png'],
    rule: 'twin folders',
    pairs: 6,
    change: 6,
    places: 2,
  },
  {
    set: 'CDD',
    names: ['{train,val}/{A,B,OUT}/{00000,00001}.jpg'],
    rule: 'twin folders',
    pairs: 4,
    change: 4,
    places: 4,
  },
  {
    set: 'SECOND',
    names: ['{train,test}/{im1,im2,label1,label2}/{00003,00013}.png'],
    rule: 'twin folders',
    pairs: 4,
    firstMasks: 4,
    places: 4,
  },
  {
    set: 'OSCD, a file a band, masks in another tree, warped images beside the raw ones',
    names: [
      `Images/{abudhabi,aguasclaras}/{imgs_1,imgs_2,imgs_1_rect,imgs_2_rect}/${bands}`,
      'Train Labels/{abudhabi,aguasclaras}/cm/cm.png',
      'Train Labels/abudhabi/cm/abudhabi-cm.tif',
    ],
    rule: 'twin folders',
    pairs: 2,
    change: 2,
    places: 2,
  },
  {
    set: 'HRSCD, whose stems differ by the year',
    names: [
      'images/2006/D14/14-2005-{0415-6890,0420-6900}-LA93.tif',
      'images/2012/D14/14-2012-{0415-6890,0420-6900}-LA93.tif',
      'labels/{change,2006,2012}/D14/14-2012-{0415-6890,0420-6900}-LA93.tif',
    ],
    options: { first: 'images/2006', second: 'images/2012' },
    rule: 'twin folders',
    pairs: 2,
    change: 2,
    places: 2,
  },
  {
    set: 'xBD',
    names: [
      'train/images/hurricane-harvey_{00000001,00000002}_{pre,post}_disaster.png',
      'train/labels/hurricane-harvey_{00000001,00000002}_{pre,post}_disaster.json',
    ],
    rule: 'twin names',
    pairs: 2,
    places: 2,
  },
  {
    set: 'BRIGHT',
    names: [
      'pre-event/bata-explosion_{00000000,00000001}_pre_disaster.tif',
      'post-event/bata-explosion_{00000000,00000001}_post_disaster.tif',
      'target/bata-explosion_{00000000,00000001}_building_damage.tif',
    ],
    rule: 'twin folders',
    pairs: 2,
    places: 2,
  },
  {
    set: 'SeCo, with an RGB file beside the folders of bands',
    names: [
      '{000000,000001}/{20181105T103255_T32,20190203T103219_T32,20190504T103021_T32}/' + bands,
      '000000/20190203T103219_T32.tif',
    ],
    rule: 'a folder a place',
    pairs: 4,
    places: 2,
  },
  {
    set: 'SSL4EO-S12, with gaps in the ids',
    names: [
      '{0000000,0000003}/{20200604T054639_T43RCP,20200813T054639_T43RCP}/{B2,B3,B4,B8A}.tif',
      '0000003/20201201T054639_T43RCP/{B2,B3,B4,B8A}.tif',
    ],
    options: { dates: 'all' },
    rule: 'a folder a place',
    pairs: 4,
    places: 2,
  },
  {
    set: 'SSL4EO-L, two paths of the satellite over each place',
    names: ['{0000000,0000001}/LC08_04402{5,6}_{20200101,20200402,20200801}/all_bands.tif'],
    options: { dates: 'ends' },
    rule: 'a folder a place',
    pairs: 4,
    places: 2,
  },
  {
    set: 'SpaceNet 7',
    names: ['L15-0331E/images/global_monthly_{2018_01,2018_02,2018_03}_mosaic_L15-0331E.tif'],
    rule: 'a folder a place',
    pairs: 2,
    places: 1,
  },
  {
    set: 'DynamicEarthNet',
    names: ['{1311_3077,2006_1234}/{2018-01-01,2018-02-01,2018-03-01}.tif'],
    options: { dates: 'ends' },
    rule: 'a folder a place',
    pairs: 2,
    places: 2,
  },
  {
    set: 'several series in one folder',
    names: ['tiles/{north,south}_{20180101,20180601,20190101}.tif'],
    rule: 'a folder a place',
    pairs: 4,
    places: 2,
  },
  {
    set: 'sides at the end of names as well, and of masks',
    names: ['A/plot_{1,2}_A.png', 'B/plot_{1,2}_B.png', 'label/plot_{1,2}_label.png'],
    rule: 'twin folders',
    pairs: 2,
    change: 2,
    places: 2,
  },
  {
    set: 'sides at the beginning of names as well',
    names: ['im1/im1_{01,02,03}.png', 'im2/im2_{01,02,03}.png', 'label/label_{01,02,03}.png'],
    rule: 'twin folders',
    pairs: 3,
    change: 3,
    places: 3,
  },
  {
    set: 'masks called as the first image, whose side is in its name',
    names: ['T1/{x,y}_t1.jpg', 'T2/{x,y}_t2.TIF', 'GT/{x,y}_t1.PNG'],
    rule: 'twin folders',
    pairs: 2,
    change: 2,
    places: 2,
  },
  {
    set: 'pairs in folders of their own',
    names: ['{pair_01,pair 02}/{before.jpg,after.JPG,mask.png}'],
    rule: 'twin names',
    pairs: 2,
    change: 2,
    places: 2,
  },
  {
    set: 'numbers at the end, a mask in a folder beside',
    names: ['images/{a,b,c}x_{1,2}.png', 'labels/{a,b,c}x.png'],
    rule: 'twin names',
    pairs: 3,
    change: 3,
    places: 3,
  },
];

it.each(layouts)('$set', async ({ names, options, rule, pairs: count, ...more }) => {
  const found = await foundIn(names, options);
  const { pairs } = found;
  expect(found.rule).toBe(rule);
  expect({
    pairs: pairs.length,
    change: pairs.filter(({ change }) => change !== undefined).length,
    firstMasks: pairs.filter(({ firstMask }) => firstMask !== undefined).length,
    places: new Set(pairs.map(({ place }) => place)).size,
  }).toEqual({
    pairs: count,
    change: more.change ?? 0,
    firstMasks: more.firstMasks ?? 0,
    places: more.places,
  });
  expect(new Set(pairs.map(({ name }) => name)).size).toBe(pairs.length);
});

it('the warped images of OSCD are used, in red, green and blue', async () => {
  const { pairs, leftOut } = await foundIn(
    layouts.find(({ set }) => set.startsWith('OSCD'))?.names ?? [],
  );
  const folder = 'Images/abudhabi/imgs_1_rect';
  expect(pairs[0]?.first.files).toEqual(
    ['B04', 'B03', 'B02'].map((band) => `${folder}/${band}.tif`),
  );
  expect(pairs[0]?.change).toBe('Train Labels/abudhabi/cm/cm.png');
  expect(leftOut).toContainEqual({
    path: 'Images/abudhabi/imgs_1/B04.tif',
    reason: 'imgs_1_rect and imgs_2_rect beside it are used',
  });
});

it('numbered crops, bands or dates are not taken for first and second', async () => {
  await expect(foundIn(['images/{0,1}_{1,2,3,4}.png'])).rejects.toThrow(
    /expected pairs, got none among 8 images: .*--first and --second, or pairs by --list$/,
  );
  await expect(foundIn(['class/class_{0,1}/class_0_{1,2}_rgb.jpg'])).rejects.toThrow('got none');
});

it('predictions beside the pairs change no count', async () => {
  const { pairs } = await foundIn(['{A,B,label}/{1,2,3}.png', 'predict/{1,2,3}.png']);
  expect(pairs.map(({ change }) => change)).toEqual(['label/1.png', 'label/2.png', 'label/3.png']);
});

it('what has no partner is left out by name', async () => {
  const { pairs, leftOut } = await foundIn(['A/{1,2}.png', 'B/{2,3}.png']);
  expect(pairs.map(({ name }) => name)).toEqual(['2']);
  expect(leftOut).toEqual([
    { path: 'A/1.png', reason: 'no partner of its name in b' },
    { path: 'B/3.png', reason: 'no partner of its name in a' },
  ]);
});
