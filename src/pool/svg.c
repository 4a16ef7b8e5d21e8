/*
 * Writing SVG.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "pool/svg.h"

static const char style[] =
"<style>text{font-family:Helvetica,Arial,'Liberation Sans',sans-serif;"
"font-size:13px;fill:#111}.b{font-weight:bold}.g{fill:#555}"
".line{stroke:#111;stroke-width:1.3}.thin{stroke:#111;stroke-width:1}"
".dash{stroke:#555;stroke-width:1;stroke-dasharray:5 4}"
".grid{stroke:#bbb;stroke-width:1}.axis{stroke:#111;stroke-width:1}"
".band{stroke:#111;stroke-width:2.2}.mark{fill:#1f4e79;stroke:none}"
".sum{fill:#111;stroke:none}.area0{fill:#dcdcdc}.area1{fill:#c4c4c4}"
".area2{fill:#eaeaea}.area3{fill:#fff}"
".dot{fill:#1f4e79;fill-opacity:.8;stroke:#fff;stroke-width:.8}</style>\n";

/* Appends a text that XML can hold. */
static void
escape(struct cf_buf *out, const char *text)
{
	char *safe = cf_printable(text);

	for (const char *c = safe; *c; c++)
		switch (*c) {
		case '&':
			cf_buf_puts(out, "&amp;");
			break;
		case '<':
			cf_buf_puts(out, "&lt;");
			break;
		case '>':
			cf_buf_puts(out, "&gt;");
			break;
		case '"':
			cf_buf_puts(out, "&quot;");
			break;
		default:
			cf_buf_putc(out, *c);
		}
	free(safe);
}

/* A coordinate in tenths, without a minus before nothing. */
static double
place(double value)
{
	return rint(value * 10) / 10 + 0.0;
}

void
cf_svg_open(struct cf_buf *out, double width, double height, const char *title,
	const char *description)
{
	cf_buf_printf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" "
		"width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" "
		"role=\"img\" aria-labelledby=\"title desc\">\n<title "
		"id=\"title\">", width, height, width, height);
	escape(out, title);
	cf_buf_puts(out, "</title>\n<desc id=\"desc\">");
	escape(out, description);
	cf_buf_puts(out, "</desc>\n");
	cf_buf_puts(out, style);
	cf_buf_puts(out, "<rect width=\"100%\" height=\"100%\" "
		"fill=\"#fff\"/>\n");
}

void
cf_svg_close(struct cf_buf *out)
{
	cf_buf_puts(out, "</svg>\n");
}

void
cf_svg_group(struct cf_buf *out, const char *tip)
{
	cf_buf_puts(out, "<g><title>");
	escape(out, tip);
	cf_buf_puts(out, "</title>");
}

void
cf_svg_group_end(struct cf_buf *out)
{
	cf_buf_puts(out, "</g>\n");
}

void
cf_svg_text(struct cf_buf *out, struct svg_text at, const char *text)
{
	static const char *const anchor[] = { "start", "middle", "end" };
	const char *class = at.bold ? at.grey ? " class=\"b g\"" :
		" class=\"b\"" : at.grey ? " class=\"g\"" : "";

	cf_buf_printf(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"%s>",
		place(at.x), place(at.y), anchor[at.anchor], class);
	escape(out, text);
	cf_buf_puts(out, "</text>\n");
}

void
cf_svg_line(struct cf_buf *out, const double from[2], const double to[2],
	const char *class)
{
	cf_buf_printf(out, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" "
		"y2=\"%.1f\" class=\"%s\"/>\n", place(from[0]), place(from[1]),
		place(to[0]), place(to[1]), class);
}

void
cf_svg_shape(struct cf_buf *out, const double (*point)[2], size_t n,
	const char *class)
{
	cf_buf_puts(out, "<polygon points=\"");
	for (size_t i = 0; i < n; i++)
		cf_buf_printf(out, "%s%.1f,%.1f", i ? " " : "",
			place(point[i][0]), place(point[i][1]));
	cf_buf_printf(out, "\" class=\"%s\"/>\n", class);
}

void
cf_svg_circle(struct cf_buf *out, double x, double y, double radius)
{
	cf_buf_printf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" "
		"class=\"dot\"/>\n", place(x), place(y), place(radius));
}

char *
cf_svg_number(double value, int digits)
{
	char *plain = cf_asprintf("%.*f", digits, fabs(value)), *out;
	/* What rounds to 0 has no sign. */
	bool zero = strspn(plain, "0.") == strlen(plain);

	out = cf_asprintf("%s%s", value < 0 && !zero ? "\xe2\x88\x92" : "",
		plain);
	free(plain);
	return out;
}

char *
cf_svg_clip(const char *text, size_t most)
{
	struct cf_str rest = cf_str(text), at = rest;
	size_t n = 0, keep = 0;

	while (rest.n > 0 && n <= most) {
		if (n + 1 == most)
			keep = (size_t)(rest.p - text);
		if (cf_utf8_next(&rest) < 0)
			return cf_strdup("");
		n++;
	}
	return n <= most ? cf_strndup(at.p, at.n) :
		cf_asprintf("%.*s\xe2\x80\xa6", (int)keep, text);
}

void
cf_svg_scale(struct svg_scale *scale, double low, double high, unsigned wanted)
{
	double raw = (high - low) / wanted, power, times;

	if (!(raw > 0))
		raw = 0.1;
	power = pow(10, floor(log10(raw) + 1e-9));
	times = raw / power;
	scale->step = power * (times < 1.5 ? 1 : times < 3.5 ? 2 :
		times < 7.5 ? 5 : 10);
	scale->low = floor(low / scale->step + 1e-9);
	scale->high = ceil(high / scale->step - 1e-9);
	scale->digits = (int)fmax(0, -floor(log10(scale->step) + 1e-9));
	scale->low *= scale->step;
	scale->high *= scale->step;
}

double
cf_svg_at(const struct svg_scale *scale, double value)
{
	return scale->from + (value - scale->low) /
		(scale->high - scale->low) * (scale->to - scale->from);
}

unsigned
cf_svg_ticks(const struct svg_scale *scale)
{
	return (unsigned)rint((scale->high - scale->low) / scale->step) + 1;
}

double
cf_svg_tick(const struct svg_scale *scale, unsigned i)
{
	return scale->low + i * scale->step;
}
