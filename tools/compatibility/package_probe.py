"""Runs one function of an installed package on real data and saves what it gives: `python [-m numbra] package_probe.py FUNCTION FILE`.

It is started twice, with numba and with `python -m numbra`, and imports `numba` only through the package. A module is loaded without the
`__init__` of its package where that would import all of the package.
"""
import importlib
import pathlib
import pickle
import sys
import sysconfig
import types
import warnings

import numpy as np

SITE = pathlib.Path(sysconfig.get_paths()["purelib"])


def alone(name):
    """The module, with empty packages above it."""
    parts = name.split(".")
    for end in range(1, len(parts)):
        package = ".".join(parts[:end])
        if package not in sys.modules:
            made = sys.modules[package] = types.ModuleType(package)
            made.__path__ = [str(SITE.joinpath(*parts[:end]))]
    return importlib.import_module(name)


def photo():
    """A photograph, as floats between 0 and 1."""
    from sklearn.datasets import load_sample_image

    return load_sample_image("china.jpg")[::4, ::4] / 255


def series():
    """Two measured time series of 275 values."""
    recorded = np.load(SITE / "tslearn" / ".cached_datasets" / "Trace.npz")["X_train"]
    return recorded[0], recorded[1]


def incomes():
    """Proline content of 178 wines: positive and skewed like incomes."""
    from sklearn.datasets import load_wine

    return load_wine().data[:, -1].copy()


def boxfilter(mode):
    return alone("pymatting.util.boxfilter").boxfilter(photo(), 3, mode)


def distance_transform():
    return alone("pymatting.util.distance").distance_transform(photo()[:, :, 2] > 0.5)


def cf_laplacian():
    made = alone("pymatting.laplacian.cf_laplacian").cf_laplacian(photo()[:60, :60], epsilon=1e-5)
    return made.data, made.indices, made.indptr


def time_series(module, function, **options):
    return getattr(alone(f"tslearn.metrics.{module}"), function)(*series(), **options)


def soft_dtw():
    module = alone("tslearn.metrics.soft_dtw_fast")
    one, two = series()
    distances = (one - two.T) ** 2
    room = np.zeros((len(one) + 2, len(two) + 2))
    module._soft_dtw(distances, room, 0.5)
    return room


def sampled(function, *arguments):
    return getattr(alone("antropy." + ("fractal" if function in ("higuchi_fd", "detrended_fluctuation") else "entropy")), function)(series()[0][:, 0].copy(), *arguments)


def sa_indices():
    return alone("quantecon.markov.utilities").sa_indices(20, 7)


def whole(name, function):
    """A function of a package that is imported as it is."""
    return function(importlib.import_module(name))


def recording():
    """A measured series, again and again: 11,000 samples."""
    return np.tile(series()[0][:, 0], 40)


# Name -> (package, how it is called)
FUNCTIONS = {
    "pymatting.boxfilter(valid)": ("pymatting", lambda: boxfilter("valid")),
    "pymatting.boxfilter(same)": ("pymatting", lambda: boxfilter("same")),
    "pymatting.distance_transform": ("pymatting", distance_transform),
    "pymatting.cf_laplacian": ("pymatting", cf_laplacian),
    "tslearn.dtw": ("tslearn", lambda: time_series("_dtw", "dtw")),
    "tslearn.dtw_path": ("tslearn", lambda: time_series("_dtw", "dtw_path", global_constraint="sakoe_chiba", sakoe_chiba_radius=20)),
    "tslearn.frechet": ("tslearn", lambda: time_series("_frechet", "frechet")),
    "tslearn.soft_dtw": ("tslearn", soft_dtw),
    "antropy.sample_entropy": ("antropy", lambda: sampled("sample_entropy")),
    "antropy.higuchi_fd": ("antropy", lambda: sampled("higuchi_fd")),
    "antropy.detrended_fluctuation": ("antropy", lambda: sampled("detrended_fluctuation")),
    "antropy.lziv_complexity": ("antropy", lambda: alone("antropy.entropy").lziv_complexity((series()[0][:, 0] > 0).astype(np.uint32))),
    "quantecon.gini_coefficient": ("quantecon", lambda: alone("quantecon._inequality").gini_coefficient(incomes())),
    "quantecon.lorenz_curve": ("quantecon", lambda: alone("quantecon._inequality").lorenz_curve(incomes())),
    "quantecon.sa_indices": ("quantecon", sa_indices),
    "resampy.resample": ("resampy", lambda: whole("resampy", lambda m: m.resample(recording(), 44100, 22050))),
    "resampy.resample(axis, parallel)": ("resampy", lambda: whole("resampy", lambda m: m.resample(np.stack((recording(), recording()[::-1])), 8000, 11025, axis=1, parallel=True))),
    "resampy.resample_nu": ("resampy", lambda: whole("resampy", lambda m: m.resample_nu(recording(), 100.0, np.linspace(0, 50, 777)))),
    "librosa.util.localmax": ("librosa", lambda: whole("librosa.util", lambda m: m.localmax(np.stack((recording(), recording()[::-1])), axis=1))),
    "librosa.util.peak_pick": ("librosa", lambda: whole("librosa.util", lambda m: m.peak_pick(recording(), pre_max=3, post_max=3, pre_avg=3, post_avg=5, delta=0.1, wait=10))),
    "librosa.util.abs2": ("librosa", lambda: whole("librosa.util", lambda m: m.abs2(np.fft.rfft(recording())))),
    "librosa.zero_crossings": ("librosa", lambda: whole("librosa", lambda m: m.zero_crossings(recording()))),
    "librosa.sequence.dtw": ("librosa", lambda: whole("librosa.sequence", lambda m: m.dtw(series()[0].T, series()[1].T))),
    "librosa.yin": ("librosa", lambda: whole("librosa", lambda m: m.yin(recording(), fmin=65, fmax=2000, sr=8000))),
    "pyts.metrics.dtw": ("pyts", lambda: whole("pyts.metrics", lambda m: m.dtw(series()[0][:, 0], series()[1][:, 0]))),
    "pyts.metrics.boss": ("pyts", lambda: whole("pyts.metrics", lambda m: m.boss(series()[0][:, 0], series()[1][:, 0]))),
}


def main():
    name, file = sys.argv[1:3]
    warnings.simplefilter("ignore")
    served = importlib.import_module("numba").__name__
    result = FUNCTIONS[name][1]()
    with open(file, "wb") as out:
        pickle.dump((served, result), out)


if __name__ == "__main__":
    main()
