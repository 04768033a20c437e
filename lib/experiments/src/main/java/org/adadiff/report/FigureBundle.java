package org.adadiff.report;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;

import com.google.gson.Gson;

import io.github.spencerpark.jupyter.kernel.display.RenderContext;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import tech.tablesaw.plotly.components.Figure;

/**
 * One figure in every form that a front end may want: a page fragment, a picture, text.
 *
 * <p>The fragment shows the picture by itself. Its script puts the interactive plot in the picture's place once Plotly
 * has loaded; where there is no network, no JavaScript or no trust, the picture stays.
 *
 * @param title   the figure's title
 * @param caption what stands below it, may be empty
 * @param text    title, caption and final values, for a terminal
 * @param png     the picture
 * @param height  its height in CSS pixels
 * @param plot    the interactive plot
 * @param layout  Plotly layout attributes that tablesaw-jsplot cannot express
 */
record FigureBundle(String title, String caption, String text, byte[] png, int height, Figure plot, Map<String, Object> layout) {
    static final Set<MIMEType> TYPES = Set.of(MIMEType.TEXT_HTML, MIMEType.IMAGE_PNG, MIMEType.TEXT_PLAIN);

    // tablesaw-jsplot writes titles in a form that Plotly 3 no longer reads
    private static final String PLOTLY = "https://cdn.plot.ly/plotly-2.35.2.min.js";

    void render(RenderContext context) {
        context.renderIfRequested(MIMEType.TEXT_HTML, this::html);
        context.renderIfRequested(MIMEType.IMAGE_PNG, (type, out) -> out.putData(type, base64(),
                Map.of("width", StaticChart.WIDTH, "height", height)));
        context.renderIfRequested(MIMEType.TEXT_PLAIN, this::text);
    }

    private String base64() {
        return Base64.getEncoder().encodeToString(png);
    }

    /** Layout attributes common to all figures, for a plot so many CSS pixels high. */
    static Map<String, Object> layout(String title, int height) {
        var layout = new LinkedHashMap<String, Object>();
        layout.put("title", Map.of("text", Html.escape(title).replace("&quot;", "\""), "x", 0.01, "xanchor", "left",
                "font", Map.of("size", 17)));
        layout.put("font", Map.of("family", "system-ui, sans-serif", "size", 12, "color", "#1F2933"));
        layout.put("legend", Map.of("orientation", "h", "traceorder", "reversed",
                "x", 0, "y", -56.0 / (height - LivePlot.MARGINS), "yanchor", "top"));
        return layout;
    }

    /** Text as tablesaw-jsplot may put it between single quotes: it escapes HTML but neither backslashes nor line ends. */
    static String label(String text) {
        return text.replace("\\", "\\\\").replaceAll("\\R", " ");
    }

    String html() {
        String draw = plot.asJavascript("plot").replace("<script>", "").replace("</script>", "")
                // Plotly decodes every entity that Pebble makes but this one; it stands between single quotes
                .replace("&quot;", "\"").strip();
        var checksum = new CRC32();
        checksum.update((title + draw).getBytes(StandardCharsets.UTF_8));
        // Named after its content, so that a notebook executed twice has the same output
        String id = String.format("%08x", checksum.getValue());
        return """
                <div data-adadiff-figure="%1$s" style="max-width:%2$dpx">
                <img alt="%3$s" width="%2$d" style="max-width:100%%;height:auto;background:#fff" src="data:image/png;base64,%4$s">
                <div style="display:none;background:#fff"><div></div>\
                <p style="margin:0;padding:0 16px 10px;font:12px system-ui,sans-serif;color:#616E7C;white-space:pre-line">%5$s</p></div>
                </div>
                <script>
                (function () {
                  var url = '%6$s';
                  var layoutToo = %7$s;
                  function draw(Plotly, document) {
                %8$s
                  }
                  function show(Plotly) {
                    var figures = document.querySelectorAll('[data-adadiff-figure="%1$s"]:not([data-drawn])');
                    Array.prototype.forEach.call(figures, function (figure) {
                      var picture = figure.querySelector('img'), live = picture.nextElementSibling;
                      figure.setAttribute('data-drawn', '');
                      try {
                        live.style.display = 'block';
                        draw({newPlot: function (target, data, layout, config) {
                          data.forEach(function (trace) { if (trace.fill || !trace.name) trace.hoverinfo = 'skip'; });
                          return Plotly.newPlot(target, data, Object.assign(layout, layoutToo), config);
                        }}, {getElementById: function () { return live.firstElementChild; }});
                        picture.style.display = 'none';
                      } catch (e) {
                        live.style.display = 'none';
                      }
                    });
                  }
                  window.adadiffPlotly = window.adadiffPlotly || new Promise(function (found, missing) {
                    if (window.Plotly) {
                      found(window.Plotly);
                    } else if (window.require && window.define && window.define.amd) {
                      // Beside RequireJS, as in the classic notebook, Plotly is a module and sets no global
                      window.require([url], found, missing);
                    } else {
                      var script = document.createElement('script');
                      script.src = url;
                      script.onload = function () { window.Plotly ? found(window.Plotly) : missing(); };
                      script.onerror = missing;
                      document.head.appendChild(script);
                    }
                  });
                  window.adadiffPlotly.then(show, function () { });
                })();
                </script>
                """.formatted(id, StaticChart.WIDTH, Html.escape(title), base64(), Html.escape(caption), PLOTLY,
                new Gson().toJson(layout), draw);
    }
}
