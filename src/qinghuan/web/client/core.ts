/** Every page's script: htmx with its evaluation switched off, and the small controllers. */
import htmx from "htmx.org";
import { ChartController } from "./controllers/chart_controller";
import { ClockController } from "./controllers/clock_controller";
import { ConnectionController } from "./controllers/connection_controller";
import { CopyController } from "./controllers/copy_controller";
import { DialogController } from "./controllers/dialog_controller";
import { HotkeysController } from "./controllers/hotkeys_controller";
import { LiveController } from "./controllers/live_controller";
import { MapController } from "./controllers/map_controller";
import { MenuController } from "./controllers/menu_controller";
import { NoticeController } from "./controllers/notice_controller";
import { NowController } from "./controllers/now_controller";
import { start } from "./controllers/registry";
import { ThemeController } from "./controllers/theme_controller";
import { UploadController } from "./controllers/upload_controller";

htmx.config.allowEval = false;
htmx.config.allowScriptTags = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0;

start({
  chart: ChartController,
  clock: ClockController,
  connection: ConnectionController,
  copy: CopyController,
  dialog: DialogController,
  hotkeys: HotkeysController,
  live: LiveController,
  map: MapController,
  menu: MenuController,
  notice: NoticeController,
  now: NowController,
  theme: ThemeController,
  upload: UploadController,
});
document.documentElement.dataset.client = "ready";
