"""What recorders really write: paths from public sources, and what they say.

Each path is below the folder that an owner would choose. Where a source shows how a
name is made, but no name, its fields are filled in; the source says so.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

AMSTERDAM = "Europe/Amsterdam"
CHICAGO = "America/Chicago"
LOS_ANGELES = "America/Los_Angeles"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A recording, how it is to be read, and where its name was learnt."""

    recorder: str
    preset: str
    path: str
    at: datetime  # UTC
    source: str
    camera: str = ""  # as the path says it
    zone: str = "UTC"  # of the recorder's clock
    automatic: bool = True  # whether it is read without a preset too

    def __str__(self) -> str:
        """Name the test."""
        return f"{self.recorder}: {self.path}"


def _at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)


EXAMPLES = [
    Example(
        recorder="Frigate",
        preset="frigate",
        path="recordings/2024-01-26/13/front_door/38.34.mp4",
        camera="front_door",
        zone=AMSTERDAM,  # which does not matter: its folders are in UTC
        at=_at("2024-01-26 13:38:34"),
        source="blakeblackshear/frigate docs/docs/configuration/record.md (form), #9248",
        automatic=False,
    ),
    Example(
        recorder="Frigate",
        preset="frigate",
        path="2022-02-04/00/back/38.34.mp4",
        camera="back",
        at=_at("2022-02-04 00:38:34"),
        source="blakeblackshear/frigate#2740 (name), record.md (folders)",
        automatic=False,
    ),
    Example(
        recorder="Frigate export, 0.15 and later",
        preset="frigate_export",
        path="driveway_20260918_143012-20260918_144012_k3x9qa.mp4",
        camera="driveway",
        zone=AMSTERDAM,
        at=_at("2026-09-18 12:30:12"),
        source="blakeblackshear/frigate frigate/record/export.py (form)",
    ),
    Example(
        recorder="Frigate export, 0.12 and 0.13",
        preset="frigate_export",
        path="front_door_2023_06_11_14_30__2023_06_11_14_45.mp4",
        camera="front_door",
        zone=CHICAGO,
        at=_at("2023-06-11 19:30:00"),
        source="blakeblackshear/frigate frigate/record/export.py of 0.13 (form)",
        automatic=False,
    ),
    Example(
        recorder="Blue Iris, in UTC",
        preset="blue_iris",
        path="CAM1.20260801_031952Z.mp4",
        camera="CAM1",
        zone=CHICAGO,
        at=_at("2026-08-01 03:19:52"),
        source="dan-gearscodeandfire/shopcam2000-public",
    ),
    Example(
        recorder="Blue Iris",
        preset="blue_iris",
        path="AIFOSCAMDRIVEWAY.20200827_131840.mp4",
        camera="AIFOSCAMDRIVEWAY",
        zone=CHICAGO,
        at=_at("2020-08-27 18:18:40"),
        source="gentlepumpkin/bi-aidetection (&CAM.%Y%m%d_%H%M%S)",
    ),
    Example(
        recorder="Blue Iris, a folder a day",
        preset="blue_iris",
        path="20260801/Gate.20260801_051952.mp4",
        camera="Gate",
        zone=AMSTERDAM,
        at=_at("2026-08-01 03:19:52"),
        source="not found: what its %Y%m%d/&CAM.%Y%m%d_%H%M%S would make",
    ),
    Example(
        recorder="motionEye",
        preset="motioneye",
        path="2026-07-01/23-59-58.mp4",
        zone=AMSTERDAM,
        at=_at("2026-07-01 21:59:58"),
        source="motioneye-project/motioneye motioneye/config.py (movie_filename)",
    ),
    Example(
        recorder="Shinobi",
        preset="shinobi",
        path="2020-09-07T09-17-33.mp4",
        zone=LOS_ANGELES,
        at=_at("2020-09-07 16:17:33"),
        source="ShinobiCCTV/Shinobi camera.js (%Y-%m-%dT%H-%M-%S)",
    ),
    Example(
        recorder="Agent DVR",
        preset="agent_dvr",
        path="AWKQL/1_2026-03-16_13-14-35_200.mp4",
        zone=AMSTERDAM,
        at=_at("2026-03-16 12:14:35"),
        source="a home's account of Agent DVR with MQTT and Samba",
    ),
    Example(
        recorder="iSpy",
        preset="agent_dvr",
        path="video/DXWGH/3_2023-07-05_16-56-32.mp4",
        zone=LOS_ANGELES,
        at=_at("2023-07-05 23:56:32"),
        source="ispysoftware/iSpy Controls/CameraWindow.cs (VideoFileName)",
    ),
    Example(
        recorder="Synology Surveillance Station",
        preset="synology",
        path="20170307AM/Family Room20170307-084321-1488897801.mp4",
        zone=CHICAGO,
        at=_at("2017-03-07 14:43:21"),
        source="an answer of SYNO.SurveillanceStation.Event, startTime 1488897801",
    ),
    Example(
        recorder="Reolink FTP",
        preset="reolink_ftp",
        path="2026/08/14/RLC-810A_00_20260814150544.mp4",
        camera="RLC-810A_00",
        zone=AMSTERDAM,
        at=_at("2026-08-14 13:05:44"),
        source="two archives of FTP uploads, FTP_ROOT/YYYY/MM/DD",
    ),
    Example(
        recorder="Reolink FTP, one folder",
        preset="reolink_ftp",
        path="NodoRedes_00_20260815100739.mp4",
        camera="NodoRedes_00",
        at=_at("2026-08-15 10:07:39"),
        source="the same; TheSecurityDev/Reolink-FTP-Server-File-Manager",
    ),
    Example(
        recorder="Reolink Home Hub FTP",
        preset="reolink_ftp",
        path="2026-06-30/Front Door_01_Hub_20260630081500.mp4",
        camera="Front Door_01_Hub",
        zone=CHICAGO,
        at=_at("2026-06-30 13:15:00"),
        source="a viewer of Home Hub uploads: <Cam>_<NN>_<Hub>_<time> (form)",
    ),
    Example(
        recorder="Reolink SD card",
        preset="reolink_ftp",
        path="cam_20240315083000_20240315083127.mp4",
        camera="cam",
        at=_at("2024-03-15 08:30:00"),
        source="TheScubaDiver/camera-gallery-card README.md",
    ),
    Example(
        recorder="Amcrest FTP",
        preset="dahua",
        path="2019-05-09/001/dav/21/21.04.49-21.05.14[M][0@0][0].mp4",
        zone=LOS_ANGELES,
        at=_at("2019-05-10 04:04:49"),
        source="shawnburke/amcrest-viewer, test of its ingest",
        automatic=False,
    ),
    Example(
        recorder="Dahua FTP",
        preset="dahua",
        path="2024-03-15/ch1/dav/11/11.00.01-11.00.59[M][0@0][0].mp4",
        zone=AMSTERDAM,
        at=_at("2024-03-15 10:00:01"),
        source="TheScubaDiver/camera-gallery-card README.md",
        automatic=False,
    ),
    Example(
        recorder="Tapo Control",
        preset="unix",
        path="1706108297-1706108310.mp4",
        zone=AMSTERDAM,
        at=_at("2024-01-24 14:58:17"),
        source="JurajNyiri/HomeAssistant-Tapo-Control#509",
        automatic=False,
    ),
    Example(
        recorder="MediaMTX",
        preset="segments",
        path="driveway/2026-01-02_12-00-00-123456.mp4",
        at=_at("2026-01-02 12:00:00"),
        source="bluenviron/mediamtx mediamtx.yml (recordPath)",
    ),
    Example(
        recorder="ffmpeg segments",
        preset="segments",
        path="front/2024-05-06-07-08-09.mp4",
        zone=AMSTERDAM,
        at=_at("2024-05-06 05:08:09"),
        source="squiddity/nvr recorder/recorder.sh (-strftime 1)",
    ),
    Example(
        recorder="ffmpeg segments",
        preset="segments",
        path="2024-05-06_07-08-09.mp4",
        at=_at("2024-05-06 07:08:09"),
        source="TrueOsiris/docker-cam grabber.sh (-strftime 1)",
    ),
    Example(
        recorder="ffmpeg segments",
        preset="segments",
        path="recordings/20240506_070809.mp4",
        at=_at("2024-05-06 07:08:09"),
        source="cellargalaxy/script rtsp/recording.sh (-strftime 1)",
    ),
    Example(
        recorder="ZLMediaKit",
        preset="motioneye",
        path="2021-01-07/01-41-28.mp4",
        at=_at("2021-01-07 01:41:28"),
        source="ZLMediaKit/ZLMediaKit#679",
    ),
    Example(
        recorder="docker-wyze-bridge",
        preset="agent_dvr",
        path="FRONT_CAM_2023-01-31_20-00-00_EST.mp4",
        zone="America/New_York",
        at=_at("2023-02-01 01:00:00"),
        source="mrlt8/docker-wyze-bridge wiki (form)",
    ),
    Example(
        recorder="Foscam",
        preset="automatic",
        path="FI9805E_C4D65535806E/record/alarm_20151018_093118.mkv",
        zone=CHICAGO,
        at=_at("2015-10-18 14:31:18"),
        source="chadly/cams README.md",
    ),
]
