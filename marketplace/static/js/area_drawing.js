"use strict";
/* The form of a delivery area: only the boxes of the chosen kind are shown, and an area can be drawn on a map.
   What is drawn is written as GeoJSON into the ordinary text box, and what is pasted there is drawn. */
(() => {
  const kind = document.getElementById("kind");
  const boxes = [...document.querySelectorAll("[data-for-kind]")];
  const MOST_CORNERS = 2000; // more are not edited by hand; the text box keeps them as they are

  const show = () => boxes.forEach((box) => {
    box.hidden = box.dataset.forKind !== kind.value && !box.querySelector(".is-invalid");
  });
  if (kind) {
    kind.addEventListener("change", show);
    show();
  }

  const block = document.querySelector("[data-map-drawing]");
  if (!block || !window.TerritoryMap || !window.L || !L.PM) return;
  // the ground is not to be edited: only what says so
  L.PM.setOptIn(true);

  class AreaDrawing extends window.TerritoryMap {
    constructor() {
      super(block);
      this.text = document.getElementById(this.words.input);
      this.map.pm = new L.PM.Map(this.map);
      this.drawn = L.featureGroup([], { pmIgnore: false }).addTo(this.map);
      this.map.pm.setLang(document.documentElement.lang === "it" ? "it" : "en");
      this.map.pm.setGlobalOptions({
        allowSelfIntersection: false, layerGroup: this.drawn, continueDrawing: false,
        pathOptions: { color: "#8f3015", weight: 2, fillColor: "#e7ad3c", fillOpacity: 0.3, pmIgnore: false },
      });
      this.map.pm.addControls({
        position: "topleft", oneBlock: true, drawMarker: false, drawCircleMarker: false, drawPolyline: false,
        drawRectangle: true, drawPolygon: true, drawCircle: false, drawText: false, editMode: true, dragMode: false,
        cutPolygon: false, removalMode: true, rotateMode: false,
      });
      this.map.on("pm:create", ({ layer }) => { this.follow(layer); this.write(); });
      this.map.on("pm:remove", () => this.write());
      this.text.addEventListener("change", () => this.read());
      new ResizeObserver(() => this.fit()).observe(this.canvas);
      new MutationObserver(() => this.name()).observe(this.canvas, { childList: true, subtree: true });
      this.name();
      this.read();
    }

    /* The library gives its buttons a title around them, and its corners no name. */
    name() {
      this.canvas.querySelectorAll(".leaflet-buttons-control-button:not([aria-label])").forEach((button) => {
        const titled = button.closest("[title]");
        button.setAttribute("aria-label", titled ? titled.title : button.textContent);
      });
      this.canvas.querySelectorAll(".marker-icon:not([aria-label])").forEach((corner) => {
        corner.setAttribute("aria-label", this.words.corner);
        corner.tabIndex = -1; // moved by mouse or finger only; who uses the keyboard writes the area below
      });
    }

    follow(layer) {
      layer.on("pm:edit pm:update pm:markerdragend pm:vertexremoved", () => this.write());
    }

    shapes() {
      return this.drawn.getLayers().map((layer) => layer.toGeoJSON(6).geometry).filter((shape) => shape.type.endsWith("Polygon"));
    }

    write() {
      const parts = this.shapes().flatMap((shape) => (shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates));
      const shape = parts.length === 1 ? { type: "Polygon", coordinates: parts[0] } : { type: "MultiPolygon", coordinates: parts };
      this.text.value = parts.length ? JSON.stringify(shape) : "";
    }

    /* What the text box holds, drawn; what cannot be drawn is left to the server, which says why. */
    read() {
      this.drawn.clearLayers();
      let shape;
      try { shape = JSON.parse(this.text.value); } catch { return; }
      try {
        L.geoJSON(shape).eachLayer((layer) => {
          const parts = layer.feature.geometry.type === "MultiPolygon" ? layer.getLatLngs() : [layer.getLatLngs()];
          if (!(layer instanceof L.Polygon) || parts.flat(2).length > MOST_CORNERS) return;
          parts.forEach((rings) => {
            const part = L.polygon(rings, { color: "#8f3015", weight: 2, fillColor: "#e7ad3c", fillOpacity: 0.3, pmIgnore: false });
            this.drawn.addLayer(part);
            L.PM.reInitLayer(part);
            this.follow(part);
          });
        });
      } catch { this.drawn.clearLayers(); }
      this.fit();
    }

    /* Once it is in sight: the map begins in a box that is closed. */
    fit() {
      const bounds = this.drawn.getBounds();
      if (this.fitted === this.text.value || !this.canvas.clientHeight || !bounds.isValid()) return;
      this.fitted = this.text.value;
      this.map.invalidateSize({ animate: false });
      this.map.fitBounds(bounds, { padding: [24, 24], animate: false });
    }
  }

  new AreaDrawing();
})();
