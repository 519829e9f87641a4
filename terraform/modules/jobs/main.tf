# Fine-tuning jobs on AWS Batch: GPUs on spot, on demand where spot has none, and none while no job waits. What is sent
# here, and with which variables, is the business of the function finetune (SCLERA_FINETUNE_DISPATCHER=batch).

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  account = data.aws_caller_identity.current.account_id
}

resource "aws_security_group" "jobs" {
  name        = "${var.name}-jobs"
  description = "Fine-tuning jobs: nobody calls them, and they call AWS over TLS"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_egress_rule" "tls" {
  security_group_id = aws_security_group.jobs.id
  description       = "S3, ECR, ECS and CloudWatch Logs"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}

data "aws_iam_policy_document" "instance_assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "instance" {
  name               = "${var.name}-job-instance"
  assume_role_policy = data.aws_iam_policy_document.instance_assume.json
}

# AWS' own policy for the container agent: what it must do (register, poll, pull images, write logs) changes with it.
# Jobs do not get at it, for they have a role of their own and IMDS answers one hop only.
resource "aws_iam_role_policy_attachment" "instance" {
  role       = aws_iam_role.instance.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role"
}

resource "aws_iam_instance_profile" "instance" {
  name = "${var.name}-job-instance"
  role = aws_iam_role.instance.name
}

resource "aws_launch_template" "jobs" {
  name                   = "${var.name}-jobs"
  update_default_version = true

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_type           = "gp3"
      volume_size           = 100
      encrypted             = true
      delete_on_termination = true
    }
  }

  # an instance that spot takes back stops its jobs first: they save themselves, and go on elsewhere
  user_data = base64encode(<<-EOT
    MIME-Version: 1.0
    Content-Type: multipart/mixed; boundary="==SCLERA=="

    --==SCLERA==
    Content-Type: text/x-shellscript; charset="us-ascii"

    #!/bin/bash
    echo ECS_ENABLE_SPOT_INSTANCE_DRAINING=true >> /etc/ecs/ecs.config
    --==SCLERA==--
  EOT
  )

  tag_specifications {
    resource_type = "instance"

    tags = {
      Name = "${var.name}-job"
    }
  }
}

resource "aws_batch_compute_environment" "spot" {
  name_prefix = "${var.name}-spot-"
  type        = "MANAGED"
  state       = "ENABLED"
  depends_on  = [aws_iam_role_policy_attachment.instance]

  compute_resources {
    type                = "SPOT"
    allocation_strategy = "SPOT_PRICE_CAPACITY_OPTIMIZED"
    instance_role       = aws_iam_instance_profile.instance.arn
    instance_type       = var.instance_types
    min_vcpus           = 0
    max_vcpus           = var.max_vcpus
    security_group_ids  = [aws_security_group.jobs.id]
    subnets             = var.subnets

    ec2_configuration {
      image_type = "ECS_AL2023_NVIDIA"
    }

    launch_template {
      launch_template_id = aws_launch_template.jobs.id
      version            = "$Latest"
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_batch_compute_environment" "on_demand" {
  name_prefix = "${var.name}-on-demand-"
  type        = "MANAGED"
  state       = "ENABLED"
  depends_on  = [aws_iam_role_policy_attachment.instance]

  compute_resources {
    type                = "EC2"
    allocation_strategy = "BEST_FIT_PROGRESSIVE"
    instance_role       = aws_iam_instance_profile.instance.arn
    instance_type       = var.instance_types
    min_vcpus           = 0
    max_vcpus           = var.max_vcpus
    security_group_ids  = [aws_security_group.jobs.id]
    subnets             = var.subnets

    ec2_configuration {
      image_type = "ECS_AL2023_NVIDIA"
    }

    launch_template {
      launch_template_id = aws_launch_template.jobs.id
      version            = "$Latest"
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_batch_job_queue" "finetune" {
  name     = "${var.name}-finetune"
  state    = "ENABLED"
  priority = 1

  compute_environment_order {
    order               = 1
    compute_environment = aws_batch_compute_environment.spot.arn
  }

  compute_environment_order {
    order               = 2
    compute_environment = aws_batch_compute_environment.on_demand.arn
  }
}

data "aws_iam_policy_document" "job_assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}

resource "aws_iam_role" "job" {
  name               = "${var.name}-job"
  assume_role_policy = data.aws_iam_policy_document.job_assume.json
}

data "aws_iam_policy_document" "job" {
  statement {
    sid       = "Find"
    actions   = ["s3:ListBucket"]
    resources = [var.bucket_arn]
  }

  statement {
    sid       = "Read"
    actions   = ["s3:GetObject"]
    resources = [for prefix in ["models", "datasets", "perturbations", "perturbed", "predictions", "finetunes"] : "${var.bucket_arn}/${prefix}/*"]
  }

  # checkpoints, the repaired grader, and the perturbations that are crafted anew while it trains
  statement {
    sid       = "Write"
    actions   = ["s3:PutObject"]
    resources = [for prefix in ["models", "perturbations", "predictions", "finetunes"] : "${var.bucket_arn}/${prefix}/*"]
  }

  statement {
    sid       = "Forget"
    actions   = ["s3:DeleteObject"]
    resources = ["${var.bucket_arn}/finetunes/*/checkpoint/*", "${var.bucket_arn}/perturbations/*/checkpoint.bin"]
  }

  statement {
    sid       = "Key"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.key_arn]
  }
}

resource "aws_iam_role_policy" "job" {
  name   = "store"
  role   = aws_iam_role.job.id
  policy = data.aws_iam_policy_document.job.json
}

resource "aws_batch_job_definition" "finetune" {
  name                  = "${var.name}-finetune"
  type                  = "container"
  platform_capabilities = ["EC2"]
  propagate_tags        = true

  container_properties = jsonencode({
    image                  = var.image
    jobRoleArn             = aws_iam_role.job.arn
    readonlyRootFilesystem = false
    privileged             = false

    resourceRequirements = [
      { type = "VCPU", value = tostring(var.vcpus) },
      { type = "MEMORY", value = tostring(var.memory) },
      { type = "GPU", value = "1" },
    ]

    # the dispatcher says SCLERA_JOB_ID with each job, and the store again
    environment = [
      { name = "SCLERA_COMPUTE", value = "cuda" },
      { name = "SCLERA_JOB_GRACE_SECONDS", value = "25" },
      { name = "SCLERA_STORE_BUCKET", value = var.bucket },
      { name = "SCLERA_STORE_REGION", value = var.region },
      { name = "SCLERA_STORE_CREATE_BUCKET", value = "false" },
    ]

    logConfiguration = {
      logDriver = "awslogs"
      options = {
        "awslogs-group"         = var.log_group
        "awslogs-region"        = var.region
        "awslogs-stream-prefix" = "finetune"
      }
    }
  })

  # With exit codes 2 to 6 trying again does not help. All else is tried again: what no rule matches, Batch retries,
  # and so an instance that was taken back, a store that did not answer (7), a job that saved itself (143).
  retry_strategy {
    attempts = var.attempts

    evaluate_on_exit {
      action       = "EXIT"
      on_exit_code = "2"
    }

    evaluate_on_exit {
      action       = "EXIT"
      on_exit_code = "3"
    }

    evaluate_on_exit {
      action       = "EXIT"
      on_exit_code = "4"
    }

    evaluate_on_exit {
      action       = "EXIT"
      on_exit_code = "5"
    }

    evaluate_on_exit {
      action       = "EXIT"
      on_exit_code = "6"
    }
  }

  timeout {
    attempt_duration_seconds = var.hours * 3600
  }
}
