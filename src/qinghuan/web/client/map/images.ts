/** The map's marks, painted from the tokens: chips, drops, diamonds. */
import type { Map as MapLibre } from "maplibre-gl";
import type { Tokens } from "./tokens";

const RATIO = 2;
const STATES = ["ok", "run", "warn", "bad", "hold", "idle"];
const LEVELS = [0, 1, 2, 3, 4, 5, 6];

type Pen = CanvasRenderingContext2D;

/** Add every mark, or paint it again after a change of theme. */
export function addImages(map: MapLibre, tokens: Tokens): void {
  for (const level of LEVELS) {
    addChip(map, `air-${level}`, level ? tokens.colour(`aqi-${level}`) : "", tokens);
    addChip(map, `other-${level}`, "", tokens);
    addDrop(map, `water-${level}`, level ? tokens.colour(`wq-${level}`) : "", tokens);
  }
  for (const state of STATES) {
    addDiamond(map, `case-${state}`, tokens.colour(`${state}-fill`), tokens);
  }
}

function addChip(map: MapLibre, id: string, fill: string, tokens: Tokens): void {
  const side = 24;
  const data = paint(side, side, (pen) => {
    pen.beginPath();
    pen.roundRect(1, 1, side - 2, side - 2, 3);
    edgeAndFill(pen, fill, tokens);
  });
  const middle: [number, number][] = [[8 * RATIO, 16 * RATIO]];
  replace(map, id, data, {
    pixelRatio: RATIO,
    stretchX: middle,
    stretchY: middle,
    content: [4 * RATIO, 4 * RATIO, 20 * RATIO, 20 * RATIO],
  });
}

function addDrop(map: MapLibre, id: string, fill: string, tokens: Tokens): void {
  const [width, height] = [tokens.px(26), tokens.px(34)];
  const data = paint(width, height, (pen) => {
    pen.scale(width / 26, height / 34);
    pen.beginPath();
    pen.moveTo(13, 2);
    pen.bezierCurveTo(13, 2, 24, 14, 24, 21.5);
    pen.bezierCurveTo(24, 28, 19, 32, 13, 32);
    pen.bezierCurveTo(7, 32, 2, 28, 2, 21.5);
    pen.bezierCurveTo(2, 14, 13, 2, 13, 2);
    edgeAndFill(pen, fill, tokens);
  });
  replace(map, id, data, { pixelRatio: RATIO });
}

function addDiamond(map: MapLibre, id: string, fill: string, tokens: Tokens): void {
  const side = tokens.px(16);
  const data = paint(side, side, (pen) => {
    pen.scale(side / 16, side / 16);
    pen.beginPath();
    pen.moveTo(8, 1.5);
    pen.lineTo(14.5, 8);
    pen.lineTo(8, 14.5);
    pen.lineTo(1.5, 8);
    pen.closePath();
    pen.fillStyle = fill;
    pen.fill();
    pen.lineWidth = 1.25;
    pen.strokeStyle = tokens.colour("bg-1");
    pen.stroke();
  });
  replace(map, id, data, { pixelRatio: RATIO });
}

/** No figure: paper, dashed edge. A gap is drawn as a gap. */
function edgeAndFill(pen: Pen, fill: string, tokens: Tokens): void {
  pen.fillStyle = fill || tokens.colour("bg-1");
  pen.fill();
  pen.lineWidth = 1;
  pen.strokeStyle = fill ? "rgb(0 0 0 / 55%)" : tokens.colour("line-ctl");
  if (!fill) pen.setLineDash([3, 2]);
  pen.stroke();
}

function paint(width: number, height: number, draw: (pen: Pen) => void): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(width * RATIO);
  canvas.height = Math.ceil(height * RATIO);
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("no 2d canvas");
  pen.scale(RATIO, RATIO);
  draw(pen);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

function replace(
  map: MapLibre,
  id: string,
  data: ImageData,
  options: Parameters<MapLibre["addImage"]>[2],
): void {
  if (map.hasImage(id)) map.removeImage(id);
  map.addImage(id, data, options);
}
