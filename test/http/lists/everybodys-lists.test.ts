import { everybodysLists } from "./everybodys-lists";
import { walkLists } from "./walk-lists";

walkLists(everybodysLists);
