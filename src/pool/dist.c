/*
 * Distribution functions.
 */
#include <math.h>

#include "pool/dist.h"

#define PI 3.14159265358979323846
#define TINY 1e-300
#define EXACT 1e-15
#define TERMS 200000	/* near the middle about 6 sqrt(df) are needed */
#define STEPS 200	/* of a root; halving alone would need 60 */

double
cf_stirling(double x)
{
	double add = 0, i;

	/* The series is good from 10 on; below, one step at a time. */
	while (x < 10) {
		add += (x + 0.5) * log1p(1 / x) - 1;
		x += 1;
	}
	i = 1 / (x * x);
	return add + (1.0 / 12 - i * (1.0 / 360 - i * (1.0 / 1260 - i *
		(1.0 / 1680 - i * (1.0 / 1188 - i * (691.0 / 360360 - i /
		156)))))) / x;
}

/* x ln(x/m) + m - x, which cancels where x is near m. */
static double
deviance(double x, double m)
{
	double v = (x - m) / (x + m), sum = (x - m) * v, term = 2 * x * v;

	if (fabs(x - m) >= 0.1 * (x + m))
		return x * log(x / m) + m - x;
	for (int j = 1; j < 1000; j++) {
		double before = sum;

		term *= v * v;
		sum += term / (2 * j + 1);
		if (sum == before)
			break;
	}
	return sum;
}

/* x^a e^-x / Gamma(a + 1) */
static double
gamma_power(double a, double x)
{
	return exp(-cf_stirling(a) - deviance(a, x)) / sqrt(2 * PI * a);
}

/* Lower part of the gamma distribution, for x below a + 1. */
static double
gamma_series(double a, double x)
{
	double sum = 1, term = 1;

	for (int n = 1; n < TERMS && term > EXACT * sum; n++) {
		term *= x / (a + n);
		sum += term;
	}
	return sum * gamma_power(a, x);
}

/* Upper part, for larger x: the continued fraction by Lentz's method. */
static double
gamma_fraction(double a, double x)
{
	double b = x + 1 - a, c = 1 / TINY, d = 1 / b, h = d;

	for (int n = 1; n < TERMS; n++) {
		double f = -n * (n - a), step;

		b += 2;
		d = f * d + b;
		c = b + f / c;
		d = 1 / (fabs(d) < TINY ? TINY : d);
		step = d * (fabs(c) < TINY ? TINY : c);
		h *= step;
		if (fabs(step - 1) < EXACT)
			break;
	}
	return h * a * gamma_power(a, x);
}

double
cf_chi2_p(double x, double df)
{
	double a = df / 2;

	if (!(x > 0))
		return 1;
	if (!(df > 0))
		return 0;
	x /= 2;
	return x < a + 1 ? 1 - gamma_series(a, x) : gamma_fraction(a, x);
}

/*
 * The root of a falling function between 0 and infinity by Newton's method,
 * kept between what is known to be too low and too high. `at` gives the value
 * and the slope.
 */
static double
falling_root(double x, void (*at)(double x, double df, double *value,
	double *slope), double df, double target)
{
	double low = 0, high = INFINITY;

	for (int i = 0; i < STEPS; i++) {
		double value, slope, next;

		at(x, df, &value, &slope);
		if (value == target)
			break;
		if (value > target)
			low = x;
		else
			high = x;
		next = x - (value - target) / slope;
		if (!(next > low && next < high))
			next = isinf(high) ? 2 * x : (low + high) / 2;
		if (fabs(next - x) <= EXACT * x)
			return next;
		x = next;
	}
	return x;
}

static void
chi2_at(double x, double df, double *value, double *slope)
{
	*value = cf_chi2_p(x, df);
	*slope = -gamma_power(df / 2, x / 2) * df / (2 * x);
}

double
cf_chi2_quantile(double p, double df)
{
	double c = 2 / (9 * df);
	double start = df * pow(1 - c + cf_normal_quantile(p) * sqrt(c), 3);

	return falling_root(start > 0 ? start : df * p / 2, chi2_at, df, 1 - p);
}

/* x^a y^b / Beta(a, b), y = 1 - x. */
static double
beta_power(double a, double b, double x, double y)
{
	double n = a + b;

	return exp(cf_stirling(n) - cf_stirling(a) - cf_stirling(b) -
		deviance(a, n * x) - deviance(b, n * y)) *
		sqrt(a * b / (2 * PI * n));
}

static double
beta_fraction(double a, double b, double x)
{
	double c = 1, d = 1 - (a + b) * x / (a + 1), h;

	d = 1 / (fabs(d) < TINY ? TINY : d);
	h = d;
	for (int m = 1; m < TERMS; m++) {
		double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		double odd = -(a + m) * (a + b + m) * x /
			((a + 2 * m) * (a + 2 * m + 1));
		double step;

		d = 1 + even * d;
		c = 1 + even / c;
		d = 1 / (fabs(d) < TINY ? TINY : d);
		h *= d * (fabs(c) < TINY ? TINY : c);
		d = 1 + odd * d;
		c = 1 + odd / c;
		d = 1 / (fabs(d) < TINY ? TINY : d);
		step = d * (fabs(c) < TINY ? TINY : c);
		h *= step;
		if (fabs(step - 1) < EXACT)
			break;
	}
	return h;
}

/* The regularised incomplete beta function at x; y is 1 - x, given apart so
 * that neither end loses digits. */
static double
beta(double a, double b, double x, double y)
{
	if (!(x > 0))
		return 0;
	if (!(y > 0))
		return 1;
	if (x < (a + 1) / (a + b + 2))
		return beta_power(a, b, x, y) * beta_fraction(a, b, x) / a;
	return 1 - beta_power(b, a, y, x) * beta_fraction(b, a, y) / b;
}

double
cf_t_p(double t, double df)
{
	double s = df + t * t;

	return beta(df / 2, 0.5, df / s, t * t / s);
}

double
cf_f_p(double f, double df1, double df2)
{
	double s = df2 + df1 * f;

	return f > 0 ? beta(df2 / 2, df1 / 2, df2 / s, df1 * f / s) : 1;
}

static void
t_at(double t, double df, double *value, double *slope)
{
	double s = df + t * t;

	*value = cf_t_p(t, df);
	*slope = -2 * beta_power(df / 2, 0.5, df / s, t * t / s) / t;
}

double
cf_t_quantile(double p, double df)
{
	double z = cf_normal_quantile(p < 0.5 ? p : 1 - p), start, t;

	if (p == 0.5)
		return 0;
	start = -z * (1 + (z * z + 1) / (4 * df));
	t = falling_root(start, t_at, df, p < 0.5 ? 2 * p : 2 * (1 - p));
	return p < 0.5 ? -t : t;
}

double
cf_normal_p(double z)
{
	return erfc(fabs(z) / sqrt(2));
}

double
cf_normal_quantile(double p)
{
	double tail = p < 0.5 ? p : 1 - p, r = sqrt(-2 * log(tail)), z;

	if (p == 0.5)
		return 0;
	/* Abramowitz and Stegun 26.2.23 to 4 digits; each step of Halley's
	 * method trebles them. */
	z = r - (2.515517 + r * (0.802853 + r * 0.010328)) /
		(1 + r * (1.432788 + r * (0.189269 + r * 0.001308)));
	for (int i = 0; i < 3; i++) {
		double u = (erfc(z / sqrt(2)) / 2 - tail) *
			sqrt(2 * PI) * exp(z * z / 2);

		z += u / (1 - z * u / 2);
	}
	return p < 0.5 ? -z : z;
}
